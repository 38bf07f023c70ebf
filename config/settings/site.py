"""The site: where data is kept, its key, addresses and proxies, static files, languages."""

from __future__ import annotations

from pathlib import Path

import unfold
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from config import environment
from config.environment import (
    read_bool,
    read_hosts,
    read_int,
    read_list,
    read_secret_key,
    read_text,
    read_url,
)
from config.settings.storage import picture_storage

BASE_DIR: Path = environment.BASE_DIR
DEBUG = read_bool("DEBUG", default=False)
# Off only where the site is served without TLS, such as a first try on one's own machine.
HTTPS = read_bool("HTTPS", default=not DEBUG)
DATA_DIR = Path(read_text("DATA_DIR") or BASE_DIR / "var").resolve()
try:
    # SQLite makes its file but not the folder around it.
    DATA_DIR.mkdir(parents=True, exist_ok=True)
except OSError as error:
    raise ImproperlyConfigured(f"DATA_DIR is no folder that can be used ({error}).") from None
MEDIA_ROOT = DATA_DIR / "media"
MEDIA_URL = "/media/"
INDEX_ROOT = DATA_DIR / "index"
# A file that the backup job touches; `manage.py doctor --production` looks how old it is.
BACKUP_STAMP = read_text("BACKUP_STAMP")

SECRET_KEY = read_secret_key(DATA_DIR, debug=DEBUG)
ALLOWED_HOSTS = read_hosts(debug=DEBUG)
# Web apps that may call the API with cookies need to pass its CSRF check as well; they send a token.
CSRF_TRUSTED_ORIGINS = [*read_list("CSRF_TRUSTED_ORIGINS"), *read_list("CORS_ALLOWED_ORIGINS")]
# The start of links in mails; required where mails go out (config/environment.py).
SITE_URL = read_url("SITE_URL", schemes=("https", "http")).rstrip("/")
# Without it, mails are printed on the console of one's own machine.
LOCAL_SITE_URL = f"http://127.0.0.1:{read_int('PORT', default=8000, low=1, high=65_535)}"
CSRF_FAILURE_VIEW = "config.http.errors.csrf_failure"
TRUSTED_PROXY_COUNT = read_int("TRUSTED_PROXY_COUNT", default=0, low=0, high=10)
if TRUSTED_PROXY_COUNT:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

ROOT_URLCONF, WSGI_APPLICATION = "config.urls", "config.wsgi.application"
# The site lies at the root of its host. A SCRIPT_NAME that a server passes on changes no link and no path.
FORCE_SCRIPT_NAME = ""
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

STATIC_ROOT = DATA_DIR / "static"
STATIC_URL = "/static/"
STATICFILES_DIRS = [
    BASE_DIR / "static",
    # The web component, for pages on other origins.
    ("tandem-search", BASE_DIR / "clients" / "web-component" / "src"),
    # Chart.js as django-unfold ships it; the package's admin theme stays out.
    ("vendor/chart", Path(unfold.__file__).parent / "static/unfold/js/chart"),
]
STORAGES = {
    "default": picture_storage(),
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "config.static.HashedStaticFilesStorage"
    },
}
# A checkout without `collectstatic` still serves its files, only without hashed names.
WHITENOISE_USE_FINDERS = True

LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("de", _("German"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "UTC"
USE_I18N = True
USE_TZ = True
