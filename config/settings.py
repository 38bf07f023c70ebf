"""Every setting of Tandem, driven by the environment (or ``.env``) and closed by default.

A variable that is missing takes the safe default; a value that is not understood stops the start
with a sentence that says what to write instead. ``.env.example`` documents each one.
"""

import hashlib
import re
from datetime import timedelta
from importlib.util import find_spec
from pathlib import Path

import environ
import unfold
from celery.schedules import crontab
from csp.constants import NONCE, NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from config.logs import logging_config, start_sentry

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()
environ.Env.read_env(BASE_DIR / ".env")


# --- Reading the environment ------------------------------------------------------------------
# django-environ reads "DEBUG=fasle" as False without a word; these readers refuse it instead.
_TRUE, _FALSE = {"1", "true", "yes", "on"}, {"0", "false", "no", "off"}


def read_bool(name: str, *, default: bool) -> bool:
    """A yes-or-no variable. Raises ImproperlyConfigured for anything that is neither."""
    raw = env.str(name, default="").strip().lower()
    if raw == "":
        return default
    if raw in _TRUE:
        return True
    if raw in _FALSE:
        return False
    raise ImproperlyConfigured(f"{name}={raw!r} is neither on nor off. Write {name}=on or {name}=off.")


def read_int(name: str, *, default: int, low: int, high: int) -> int:
    """A whole number in [low, high]. Raises ImproperlyConfigured outside it."""
    raw = env.str(name, default="").strip()
    try:
        value = int(raw) if raw else default
    except ValueError:
        raise ImproperlyConfigured(f"{name}={raw!r} is not a whole number.") from None
    if not low <= value <= high:
        raise ImproperlyConfigured(f"{name}={value} is outside {low} to {high}.")
    return value


def read_list(name: str, *, default: tuple[str, ...] = ()) -> list[str]:
    """A comma-separated variable."""
    raw = env.str(name, default="")
    return [part.strip() for part in raw.split(",") if part.strip()] or list(default)


def read_url(name: str, *, schemes: tuple[str, ...]) -> str:
    """An address with one of ``schemes``, or "" when unset. Raises ImproperlyConfigured otherwise."""
    value = env.str(name, default="").strip()
    if value and value.split("://")[0] not in schemes:
        raise ImproperlyConfigured(f"{name} must start with one of: {', '.join(s + '://' for s in schemes)}.")
    return value


def read_together(*names: str) -> tuple[str, ...]:
    """Variables that are of use only together, all "" when unset. Raises ImproperlyConfigured for a part."""
    values = tuple(env.str(name, default="").strip() for name in names)
    missing = [name for name, value in zip(names, values, strict=True) if not value]
    if missing and len(missing) < len(names):
        given = ", ".join(name for name in names if name not in missing)
        raise ImproperlyConfigured(
            f"{given} needs {', '.join(missing)} too. docs/shops.md says where they are."
        )
    return values


def read_rate(name: str, *, default: str) -> str:
    """A rate as ``number/period`` with period s, m, h or d. Raises ImproperlyConfigured otherwise."""
    value = env.str(name, default="").strip() or default
    number, _slash, period = value.partition("/")
    if not number.isdigit() or period not in {"s", "m", "h", "d"}:
        raise ImproperlyConfigured(f"{name}={value!r} is not a rate. Write for example {name}=100/m.")
    return value


def read_hosts() -> list[str]:
    """The names the site answers to. Raises ImproperlyConfigured for "*": links in mails carry the name."""
    hosts = read_list("ALLOWED_HOSTS", default=("localhost", "127.0.0.1", "[::1]"))
    if "*" in hosts and not DEBUG:
        raise ImproperlyConfigured("ALLOWED_HOSTS=* lets anyone name the site. Write the site's own names.")
    return hosts


# --- Where things are --------------------------------------------------------------------------
DEBUG = read_bool("DEBUG", default=False)
# Off only where the site is served without TLS, such as a first try on one's own machine.
HTTPS = read_bool("HTTPS", default=not DEBUG)
DATA_DIR = Path(env.str("DATA_DIR", default="") or BASE_DIR / "var").resolve()
# SQLite makes its file but not the folder around it.
DATA_DIR.mkdir(parents=True, exist_ok=True)
MEDIA_ROOT = DATA_DIR / "media"
MEDIA_URL = "/media/"
STATIC_ROOT = DATA_DIR / "static"
STATIC_URL = "/static/"
STATICFILES_DIRS = [
    BASE_DIR / "static",
    # Chart.js as django-unfold ships it; the package's admin theme stays out.
    ("vendor/chart", Path(unfold.__file__).parent / "static/unfold/js/chart"),
]
INDEX_ROOT = DATA_DIR / "index"


def read_secret_key() -> str:
    """SECRET_KEY, else the key that ``make setup`` wrote; a development key only under DEBUG."""
    key_file = DATA_DIR / "secret_key"
    key = env.str("SECRET_KEY", default="").strip()
    if not key and key_file.is_file():
        key = key_file.read_text().strip()
    if not key and DEBUG:
        key = "development-only-" + "0" * 50
    if not key:
        raise ImproperlyConfigured(
            "SECRET_KEY is not set. Set it in the environment, or run `make setup` once."
        )
    if not DEBUG and (len(key) < 50 or key.startswith(("development-only", "django-insecure", "change-me"))):
        raise ImproperlyConfigured(
            "SECRET_KEY is a default or shorter than 50 characters. Make a random one."
        )
    return key


SECRET_KEY = read_secret_key()
ALLOWED_HOSTS = read_hosts()
# Web apps that may call the API with cookies may also pass its CSRF check, with a token.
CSRF_TRUSTED_ORIGINS = [*read_list("CSRF_TRUSTED_ORIGINS"), *read_list("CORS_ALLOWED_ORIGINS")]
# What links in mails begin with; by default what the request's own address begins with.
SITE_URL = read_url("SITE_URL", schemes=("https", "http")).rstrip("/")
CSRF_FAILURE_VIEW = "config.http.errors.csrf_failure"
TRUSTED_PROXY_COUNT = read_int("TRUSTED_PROXY_COUNT", default=0, low=0, high=10)
if TRUSTED_PROXY_COUNT:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django_htmx",
    "django_filters",
    "django_prometheus",
    "corsheaders",
    "csp",
    "axes",
    "rest_framework",
    "rest_framework_simplejwt",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "accounts",
    "catalog",
    "analytics",
    "search",
    # An image that only serves leaves the demo shop out.
    *(["demo"] if find_spec("demo") else []),
]

MIDDLEWARE = [
    "config.http.observability.RequestIdMiddleware",
    "django_prometheus.middleware.PrometheusBeforeMiddleware",
    # What is above SecurityMiddleware dresses its refusals too, such as a wrong Host.
    "config.http.headers.HeadersMiddleware",
    "csp.middleware.CSPMiddleware",
    "config.http.headers.ContentPolicyMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "config.http.compression.CompressionMiddleware",
    "corsheaders.middleware.CorsMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "config.http.refusals.RefusalMiddleware",
    "config.http.limits.LimitMiddleware",
    "config.http.uploads.BodySizeMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "accounts.sign_in.middleware.PageSignInMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "axes.middleware.AxesMiddleware",
    "config.http.observability.ServerTimingMiddleware",
    "django_prometheus.middleware.PrometheusAfterMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
                "accounts.context_processors.favorites",
            ],
        },
    },
]

# --- Database: PostgreSQL in production, SQLite as the embedded default ------------------------
_SQLITE_OPTIONS = {
    # WAL lets readers go on beside the one writer; immediate transactions take the write lock up
    # front, so two threads queue on the busy timeout instead of failing on an upgrade.
    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA mmap_size=134217728;",
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
}


def read_database() -> dict[str, object]:
    """DATABASE_URL, or SQLite in DATA_DIR. Raises ImproperlyConfigured for an unknown engine."""
    url = read_url("DATABASE_URL", schemes=("postgres", "postgresql", "sqlite"))
    database: dict[str, object] = dict(env.db_url_config(url or f"sqlite:///{DATA_DIR / 'db.sqlite3'}"))
    if "sqlite" in str(database["ENGINE"]):
        database["OPTIONS"] = dict(_SQLITE_OPTIONS)
    else:
        database["CONN_MAX_AGE"] = 60
        database["CONN_HEALTH_CHECKS"] = True
        database["OPTIONS"] = {"connect_timeout": 5, **database.get("OPTIONS", {})}  # type: ignore[dict-item]
    return database


DATABASES = {"default": read_database()}

# --- Redis, or local memory --------------------------------------------------------------------
REDIS_URL = read_url("REDIS_URL", schemes=("redis", "rediss", "unix"))


def cache_alias(prefix: str, *, timeout: int, entries: int = 5000) -> dict[str, object]:
    """One cache: in Redis with short timeouts (a hanging server must not cost 5 s), else in the process."""
    if not REDIS_URL:
        return {
            "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
            "LOCATION": prefix,
            "KEY_PREFIX": prefix,
            "TIMEOUT": timeout,
            "OPTIONS": {"MAX_ENTRIES": entries},
        }
    return {
        "BACKEND": "config.caching.fallback.FallbackCache",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": prefix,
        "TIMEOUT": timeout,
        "OPTIONS": {"SOCKET_CONNECT_TIMEOUT": 0.25, "SOCKET_TIMEOUT": 0.5},
    }


CACHES = {
    "default": cache_alias("tandem", timeout=300),
    # Vectors of queries (a few KB each), read through search/encoding/cache.py.
    "search": cache_alias("tandem-search", timeout=3600),
    # Frozen answer sets: some 50 KB each, so few are held in local memory.
    "answers": cache_alias("tandem-answers", timeout=600, entries=300),
    "ratelimit": cache_alias("tandem-limits", timeout=120, entries=100_000),
}
if REDIS_URL:
    CACHES["ratelimit"]["BACKEND"] = "config.caching.counters.CounterCache"

# --- Celery ------------------------------------------------------------------------------------
CELERY_BROKER_URL = REDIS_URL or "memory://"
CELERY_TASK_ALWAYS_EAGER = not REDIS_URL
CELERY_TASK_EAGER_PROPAGATES = True
# What staff ask for in a page then runs in a thread; tests run it where they stand.
TASKS_IN_BACKGROUND = True
CELERY_TASK_IGNORE_RESULT = True
# A killed worker must not lose its task; the two restore options bring it back at once instead of
# after visibility_timeout plus some 100 s.
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 3600,
    "unacked_restore_interval": 1,
    "unacked_restore_throttle": 1,
}
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TIMEZONE = "UTC"
CELERY_BEAT_SCHEDULE = {
    "sync": {"task": "catalog.tasks.sync", "schedule": crontab(minute=7)},
    "reindex": {"task": "search.tasks.reindex", "schedule": crontab(minute="*/10")},
    "prune-logs": {"task": "analytics.tasks.prune_search_logs", "schedule": crontab(hour=3, minute=41)},
    "prune-expired": {"task": "search.tasks.prune_expired", "schedule": crontab(minute=23)},
    "prune-sign-ins": {"task": "accounts.tasks.prune_sign_ins", "schedule": crontab(hour=3, minute=17)},
}

# --- The catalogue -----------------------------------------------------------------------------
# The sources that `manage.py sync` and the hourly task know without arguments, as name=address pairs.
CATALOGUE_SOURCES = dict(pair.split("=", 1) for pair in read_list("CATALOGUE_SOURCES") if "=" in pair)
# Feeds on private addresses are refused unless an operator says so (SSRF).
ALLOW_PRIVATE_FEEDS = read_bool("ALLOW_PRIVATE_FEEDS", default=False)
DEFAULT_CURRENCY = env.str("DEFAULT_CURRENCY", default="EUR")


def check_shops() -> None:
    """Raises ImproperlyConfigured for an address to which a shop's keys must not be sent."""
    if bool(SHOPIFY_SHOP) != bool(SHOPIFY_TOKEN or SHOPIFY_CLIENT_ID):
        raise ImproperlyConfigured(
            "SHOPIFY_SHOP goes with SHOPIFY_TOKEN, or with SHOPIFY_CLIENT_ID and SHOPIFY_CLIENT_SECRET."
        )
    if SHOPIFY_SHOP and not re.fullmatch(r"[a-z0-9][a-z0-9-]*\.myshopify\.com", SHOPIFY_SHOP):
        raise ImproperlyConfigured("SHOPIFY_SHOP is the shop's own name, such as example.myshopify.com.")
    secure = r"https://[^\s/@?#]+(/[^\s@?#]*)?"
    # A shop on this machine, for development: the keys do not leave it.
    here = r"http://(127\.0\.0\.1|localhost)(:\d+)?(/[^\s@?#]*)?"
    allowed = f"{secure}|{here}" if ALLOW_PRIVATE_FEEDS else secure
    if WOOCOMMERCE_URL and not re.fullmatch(allowed, WOOCOMMERCE_URL):
        raise ImproperlyConfigured(
            "WOOCOMMERCE_URL is the shop's https:// address alone, such as https://shop.example. "
            "Without TLS the keys could be overheard."
        )
    for secret, shop in (
        (SHOPIFY_WEBHOOK_SECRET, SHOPIFY_SHOP),
        (WOOCOMMERCE_WEBHOOK_SECRET, WOOCOMMERCE_URL),
    ):
        # Without a queue, a shop would wait for the work and end the webhook.
        if secret and not (REDIS_URL and shop and len(secret) >= 16):
            raise ImproperlyConfigured(
                "A webhook's secret has 16 characters or more and needs REDIS_URL and the shop's keys too."
            )
    for name, given in (("shopify", SHOPIFY_SHOP), ("woocommerce", WOOCOMMERCE_URL)):
        if given and name in CATALOGUE_SOURCES:
            raise ImproperlyConfigured(f"CATALOGUE_SOURCES names {name!r}, which is the shop's own source.")


# Shops whose API is read, as the sources "shopify" and "woocommerce".
SHOPIFY_SHOP, SHOPIFY_TOKEN = (
    env.str(name, default="").strip() for name in ("SHOPIFY_SHOP", "SHOPIFY_TOKEN")
)
SHOPIFY_CLIENT_ID, SHOPIFY_CLIENT_SECRET = read_together("SHOPIFY_CLIENT_ID", "SHOPIFY_CLIENT_SECRET")
WOOCOMMERCE_URL, WOOCOMMERCE_KEY, WOOCOMMERCE_SECRET = read_together(
    "WOOCOMMERCE_URL", "WOOCOMMERCE_KEY", "WOOCOMMERCE_SECRET"
)
# With these, the shops' messages about single products are taken under /webhooks/.
SHOPIFY_WEBHOOK_SECRET = env.str("SHOPIFY_WEBHOOK_SECRET", default="").strip()
WOOCOMMERCE_WEBHOOK_SECRET = env.str("WOOCOMMERCE_WEBHOOK_SECRET", default="").strip()
check_shops()

# --- The encoder and the index -----------------------------------------------------------------
CLIP_MODEL = env.str("CLIP_MODEL", default="").strip() or "bundled"
ENCODER_DEVICE = env.str("ENCODER_DEVICE", default="").strip() or "cpu"
# How many inferences run at once in one process; past twice that, requests are answered 503.
ENCODER_CONCURRENCY = read_int("ENCODER_CONCURRENCY", default=2, low=1, high=64)
# Up to this many vectors the index is exact; above, IVF.
INDEX_EXACT_LIMIT = read_int("INDEX_EXACT_LIMIT", default=20_000, low=0, high=10_000_000)
INDEX_RECALL_TARGET = 0.99
# How much of a product's one vector is its picture; the rest is its words.
DOCUMENT_IMAGE_SHARE = 0.7
INDEX_KEPT_VERSIONS = 3

# What each term of the ranking counts (search/ranking/score.py); chosen by measurement, see docs/ranking.md.
RANKING_WEIGHTS = {
    "similarity": 1.0,
    # The share of BM25 in the words' side, where the catalogue says every word (search/ranking/score.py).
    "relevance": 0.9,
    "taste": 0.1,
    "availability": 0.05,
    "freshness": 0.01,
    "unwanted": 0.5,
}

MAX_UPLOAD_BYTES = 10 * 1024 * 1024
MAX_UPLOAD_PIXELS = 25_000_000
# Django refuses larger bodies before reading them into memory; files have their own cap.
DATA_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 500
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FILES = 4
FILE_UPLOAD_HANDLERS = [
    "config.http.uploads.CappedUploadHandler",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]

# --- People ------------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]
# What anyone would try here first.
SHOP_WORDS = ["tandem", "fashion", "shop", "search", "admin", "staff", "analyst", "password"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
    {
        "NAME": "accounts.sign_in.passwords.ShopWordsValidator",
        "OPTIONS": {
            "words": ["tandem", "fashion", "shop", "search", "admin", "staff", "analyst", "password"]
        },
    },
]
LOGIN_URL = "/auth/login"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/"
# Rotation, reuse detection and revocation are accounts.models.SignIn's.
SIMPLE_JWT = {
    "ACCESS_TOKEN_LIFETIME": timedelta(minutes=15),
    "REFRESH_TOKEN_LIFETIME": timedelta(days=14),
    "SIGNING_KEY": hashlib.sha256(f"tokens:{SECRET_KEY}".encode()).hexdigest(),
    "ISSUER": "tandem",
    "AUDIENCE": "tandem",
}
# What accounts asks of rooms that it does not import.
KNOWN_PRODUCTS = "config.known_products.known_products"
EXPORT_SECTIONS = {"searches": "config.person_data.searches", "clicks": "config.person_data.clicks"}
FORGET_SECTIONS = ["analytics.privacy.forget"]
# And what the dashboard shows of rooms that analytics does not import.
DASHBOARD_SECTIONS = {"index": "search.operations.dashboard.index_state"}
# A link for a new password serves once, within the hour.
PASSWORD_RESET_TIMEOUT = 3600

# Ten wrong passwords for one person from one address lock that pair for a quarter of an hour.
AXES_FAILURE_LIMIT = 10
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_CLIENT_IP_CALLABLE = "config.http.limits.client_address"
AXES_LOCKOUT_CALLABLE = "config.http.limits.locked_out"
AXES_DISABLE_ACCESS_LOG = True
AXES_VERBOSE = False
RATE_LIMIT = read_rate("RATE_LIMIT", default="100/m")
RATELIMIT_USE_CACHE = "ratelimit"


# --- Mail --------------------------------------------------------------------------------------
def read_sender() -> str:
    """EMAIL_FROM, by default no-reply at the site's first name. Raises ImproperlyConfigured without an @."""
    sender = env.str("EMAIL_FROM", default="").strip() or f"Tandem <no-reply@{ALLOWED_HOSTS[0].lstrip('.')}>"
    if "@" not in sender or not sender.isprintable():
        raise ImproperlyConfigured(f"EMAIL_FROM={sender!r} is not an e-mail address.")
    return sender


_MAIL = env.email_url_config(
    read_url("EMAIL_URL", schemes=("smtp", "smtp+tls", "smtp+ssl", "consolemail")) or "consolemail://"
)
EMAIL_BACKEND = _MAIL["EMAIL_BACKEND"]
EMAIL_HOST, EMAIL_PORT = _MAIL["EMAIL_HOST"] or "localhost", _MAIL["EMAIL_PORT"] or 25
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = _MAIL["EMAIL_HOST_USER"] or "", _MAIL["EMAIL_HOST_PASSWORD"] or ""
EMAIL_USE_TLS, EMAIL_USE_SSL = _MAIL.get("EMAIL_USE_TLS", False), _MAIL.get("EMAIL_USE_SSL", False)
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = SERVER_EMAIL = read_sender()
# A thread of its own writes to the mail server; tests send where they stand.
MAIL_IN_BACKGROUND = True

# --- The API -----------------------------------------------------------------------------------
REST_FRAMEWORK = {
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": [
        "config.http.parsers.ShallowJSONParser",
        "rest_framework.parsers.MultiPartParser",
    ],
    "DEFAULT_AUTHENTICATION_CLASSES": ["accounts.sign_in.authentication.TokenAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.AllowAny"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "COERCE_DECIMAL_TO_STRING": True,
    "EXCEPTION_HANDLER": "config.http.api_errors.handle",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Tandem API",
    "DESCRIPTION": "Hybrid cross-modal fashion search: words, a picture, or both with a weight between them.",
    "VERSION": "1.0.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
}
CORS_ALLOWED_ORIGINS = read_list("CORS_ALLOWED_ORIGINS")
CORS_ALLOW_CREDENTIALS = True
CORS_URLS_REGEX = r"^/api/"
CORS_EXPOSE_HEADERS = ["X-CSRFToken", "Retry-After", "RateLimit", "RateLimit-Policy"]
CORS_PREFLIGHT_MAX_AGE = 600

# --- Static files ------------------------------------------------------------------------------
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "config.static.HashedStaticFilesStorage"
    },
}
# A checkout without `collectstatic` still serves its files, only without hashed names.
WHITENOISE_USE_FINDERS = True

# --- Analytics ---------------------------------------------------------------------------------
# Searches and clicks are written by a thread of their own; tests write in theirs, to be sure when.
LOG_IN_BACKGROUND = True
# Days after which the words of a search, who asked and the single searches are forgotten.
SEARCH_LOG_DAYS = read_int("SEARCH_LOG_DAYS", default=90, low=1, high=3650)

# --- Security headers --------------------------------------------------------------------------
SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$", r"^metrics$"]
SECURE_HSTS_SECONDS = 63_072_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_HSTS_PRELOAD = HTTPS
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_NAME = "__Host-session" if HTTPS else "session"
CSRF_COOKIE_NAME = "__Host-csrftoken" if HTTPS else "csrftoken"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = LANGUAGE_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_NAME = "__Host-language" if HTTPS else "language"
LANGUAGE_COOKIE_SECURE, LANGUAGE_COOKIE_HTTPONLY = HTTPS, True
# The admin's messages need no cookie of their own.
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, NONCE],
        "style-src": [SELF, NONCE],
        "img-src": [SELF, "data:", "blob:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        **({"upgrade-insecure-requests": True} if HTTPS else {}),
    }
}

# --- Language and time -------------------------------------------------------------------------
LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("de", _("German"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "UTC"
USE_I18N = True
USE_TZ = True

# --- Logs --------------------------------------------------------------------------------------
LOGGING = logging_config(as_json=not DEBUG)
SENTRY_DSN = read_url("SENTRY_DSN", schemes=("https", "http"))
start_sentry(SENTRY_DSN, environment="development" if DEBUG else "production")
# /metrics answers this machine, staff, and whoever brings this as a Bearer token.
METRICS_TOKEN = env.str("METRICS_TOKEN", default="").strip()
