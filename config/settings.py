"""Every setting of Tandem, driven by the environment (or ``.env``) and closed by default.

A missing variable takes the safe default. A value that is not valid stops the start with a sentence
that says what to write instead (config/environment.py). ``.env.example`` documents every variable.
"""

import hashlib
from datetime import timedelta
from importlib.util import find_spec
from pathlib import Path

import unfold
from csp.constants import NONCE, NONE, SELF
from django.utils.translation import gettext_lazy as _

from config.api.options import (
    CORS_ALLOW_HEADERS,  # noqa: F401 - a setting of its own
    CORS_EXPOSE_HEADERS,  # noqa: F401 - a setting of its own
    REST_FRAMEWORK,  # noqa: F401 - a setting of its own
    document_settings,
)
from config.caching.aliases import cache_alias, counter_alias
from config.environment import (
    BASE_DIR,
    read_bool,
    read_database,
    read_hosts,
    read_int,
    read_list,
    read_mail,
    read_rate,
    read_secret_key,
    read_sender,
    read_text,
    read_url,
)
from config.logs import logging_config, start_sentry
from config.queue import (  # noqa: F401 - settings of their own
    CELERY_ACCEPT_CONTENT,
    CELERY_BEAT_SCHEDULE,
    CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP,
    CELERY_BROKER_TRANSPORT_OPTIONS,
    CELERY_BROKER_URL,
    CELERY_TASK_ACKS_LATE,
    CELERY_TASK_ALWAYS_EAGER,
    CELERY_TASK_EAGER_PROPAGATES,
    CELERY_TASK_IGNORE_RESULT,
    CELERY_TASK_REJECT_ON_WORKER_LOST,
    CELERY_TASK_SERIALIZER,
    CELERY_TIMEZONE,
    CELERY_WORKER_PREFETCH_MULTIPLIER,
    QUEUE_URL,
    REDIS_URL,
)
from config.shops import (  # noqa: F401 - settings of their own, checked below
    ALLOW_PRIVATE_FEEDS,
    CATALOGUE_SOURCES,
    DEFAULT_CURRENCY,
    FEED_OPTIONS,
    MAGENTO_PRODUCT_URL,
    MAGENTO_STORE,
    MAGENTO_TOKEN,
    MAGENTO_URL,
    MEDUSA_COUNTRY,
    MEDUSA_KEY,
    MEDUSA_PRODUCT_URL,
    MEDUSA_REGION,
    MEDUSA_URL,
    MEDUSA_WEBHOOK_SECRET,
    SHOPIFY_CLIENT_ID,
    SHOPIFY_CLIENT_SECRET,
    SHOPIFY_SHOP,
    SHOPIFY_TOKEN,
    SHOPIFY_WEBHOOK_SECRET,
    VENDURE_CHANNEL,
    VENDURE_DECIMALS,
    VENDURE_PRODUCT_URL,
    VENDURE_URL,
    VENDURE_WEBHOOK_SECRET,
    WOOCOMMERCE_KEY,
    WOOCOMMERCE_SECRET,
    WOOCOMMERCE_URL,
    WOOCOMMERCE_WEBHOOK_SECRET,
    check_shops,
)

# --- Where things are --------------------------------------------------------------------------
DEBUG = read_bool("DEBUG", default=False)
# Off only where the site is served without TLS, such as a first try on one's own machine.
HTTPS = read_bool("HTTPS", default=not DEBUG)
DATA_DIR = Path(read_text("DATA_DIR") or BASE_DIR / "var").resolve()
# SQLite makes its file but not the folder around it.
DATA_DIR.mkdir(parents=True, exist_ok=True)
MEDIA_ROOT = DATA_DIR / "media"
MEDIA_URL = "/media/"
STATIC_ROOT = DATA_DIR / "static"
STATIC_URL = "/static/"
STATICFILES_DIRS = [
    BASE_DIR / "static",
    # The web component, for pages on other origins.
    ("tandem-search", BASE_DIR / "clients" / "web-component" / "src"),
    # Chart.js as django-unfold ships it; the package's admin theme stays out.
    ("vendor/chart", Path(unfold.__file__).parent / "static/unfold/js/chart"),
]
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

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.sitemaps",
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
    # A container image that only serves may leave the demo package out.
    *(["demo"] if find_spec("demo") else []),
]

MIDDLEWARE = [
    "config.http.observability.RequestIdMiddleware",
    # Above everything that may ask the database.
    "config.http.outages.BoundedWaitMiddleware",
    "django_prometheus.middleware.PrometheusBeforeMiddleware",
    # Above SecurityMiddleware, so that its refusals (such as a wrong Host) get the headers too.
    "config.http.headers.HeadersMiddleware",
    "csp.middleware.CSPMiddleware",
    "config.http.headers.ContentPolicyMiddleware",
    "config.http.uploads.LongAddressMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "config.http.compression.CompressionMiddleware",
    "corsheaders.middleware.CorsMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "config.http.refusals.RefusalMiddleware",
    "config.http.limits.LimitMiddleware",
    "config.http.uploads.NullByteMiddleware",
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
DATABASES = {"default": read_database(DATA_DIR)}

# --- Redis, or local memory --------------------------------------------------------------------

CACHES = {
    "default": cache_alias("tandem", redis_url=REDIS_URL, timeout=300),
    # Vectors of queries (a few KB each), read through search/encoding/cache.py.
    "search": cache_alias("tandem-search", redis_url=REDIS_URL, timeout=3600),
    # Frozen result sets of some 50 KB each, and for each a pointer and a prepared query of a few KB.
    "answers": cache_alias("tandem-answers", redis_url=REDIS_URL, timeout=600, entries=900),
    "ratelimit": counter_alias("tandem-limits", redis_url=REDIS_URL, timeout=120),
}

# --- The task queue: QUEUE_URL is read, and Celery set up, in config/queue.py ------------------------
# Without a queue, work that staff start in a page runs in a thread; tests run it in the calling thread.
TASKS_IN_BACKGROUND = True

# --- The catalogue: CATALOGUE_SOURCES and what concerns single shops are read in config/shops.py ------
check_shops(queue_url=QUEUE_URL)

# --- The encoder and the index -----------------------------------------------------------------
CLIP_MODEL = read_text("CLIP_MODEL", default="bundled")
ENCODER_DEVICE = read_text("ENCODER_DEVICE", default="cpu")
# How many inferences run at once in one process, and half as many decodings of uploads. A request waits up to
# two seconds for a free slot; then it is answered 503 with Retry-After (search/admission.py).
ENCODER_CONCURRENCY = read_int("ENCODER_CONCURRENCY", default=2, low=1, high=64)
# Up to this many vectors the index is exact; above, IVF.
INDEX_EXACT_LIMIT = read_int("INDEX_EXACT_LIMIT", default=20_000, low=0, high=10_000_000)
INDEX_RECALL_TARGET = 0.99
# The picture's share of a product's vector, in [0, 1]; the rest is its text.
DOCUMENT_IMAGE_SHARE = 0.7
INDEX_KEPT_VERSIONS = 3

# The weight of each term of search/ranking/score.py, chosen by measurement (docs/measurements.md).
RANKING_WEIGHTS = {
    "similarity": 1.0,
    # The share of BM25 in the text side's score where the catalogue contains every query term.
    "relevance": 0.9,
    # The share of the kind in the text side's score where the words name one.
    "kind": 0.6,
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
# Words that an attacker would try in passwords of this site first.
SHOP_WORDS = ["tandem", "fashion", "shop", "search", "admin", "staff", "analyst", "password"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
    {"NAME": "accounts.sign_in.passwords.ShopWordsValidator", "OPTIONS": {"words": SHOP_WORDS}},
]
LOGIN_URL = "/auth/login"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/"
# Rotation, reuse detection and revocation are accounts.models.SignIn's.
SIMPLE_JWT = {
    "ACCESS_TOKEN_LIFETIME": timedelta(minutes=15),
    "REFRESH_TOKEN_LIFETIME": timedelta(days=14),
    # The clocks of hosts differ: a token of one must not be too young for another.
    "LEEWAY": timedelta(seconds=30),
    "SIGNING_KEY": hashlib.sha256(f"tokens:{SECRET_KEY}".encode()).hexdigest(),
    "ISSUER": "tandem",
    "AUDIENCE": "tandem",
}
# Functions by which accounts and the dashboard reach packages that they do not import.
KNOWN_PRODUCTS = "config.providers.known_products"
PRODUCT_CARDS = "config.providers.product_cards"
EXPORT_SECTIONS = {
    "searches": "config.providers.exported_searches",
    "clicks": "config.providers.exported_clicks",
    "pictures": "config.providers.exported_pictures",
}
FORGET_SECTIONS = [
    "analytics.privacy.forget",
    "search.operations.deletion.forget",
    "accounts.sign_in.attempts.forget",
]
ANSWER_HOLDS = "config.providers.answer_holds"
DASHBOARD_SECTIONS = {"index": "search.operations.dashboard.index_state"}
# Seconds for which a password-reset link is valid; it works once.
PASSWORD_RESET_TIMEOUT = 3600

# Ten wrong passwords for one person from one address lock that pair for a quarter of an hour.
AXES_FAILURE_LIMIT = 10
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_CLIENT_IP_CALLABLE = "config.http.clients.client_address"
AXES_LOCKOUT_CALLABLE = "config.http.limits.locked_out"
AXES_DISABLE_ACCESS_LOG = True
AXES_VERBOSE = False
RATE_LIMIT = read_rate("RATE_LIMIT", default="100/m")
RATE_LIMIT_KEY = read_rate("RATE_LIMIT_KEY", default="600/m")
# Unset, each is a share of RATE_LIMIT (config/http/budgets.py).
RATE_LIMIT_SIGN_IN = read_rate("RATE_LIMIT_SIGN_IN")
RATE_LIMIT_REGISTER = read_rate("RATE_LIMIT_REGISTER")
RATE_LIMIT_FORGOT = read_rate("RATE_LIMIT_FORGOT")
RATE_LIMIT_PICTURES = read_rate("RATE_LIMIT_PICTURES")
RATE_LIMIT_ADDRESS = read_rate("RATE_LIMIT_ADDRESS")
RATE_LIMIT_PAGES = read_rate("RATE_LIMIT_PAGES")
RATE_LIMIT_WEBHOOKS = read_rate("RATE_LIMIT_WEBHOOKS")
RATELIMIT_USE_CACHE = "ratelimit"

# --- Mail --------------------------------------------------------------------------------------
_MAIL = read_mail()
EMAIL_BACKEND = _MAIL["EMAIL_BACKEND"]
EMAIL_HOST, EMAIL_PORT = _MAIL["EMAIL_HOST"] or "localhost", _MAIL["EMAIL_PORT"] or 25
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = _MAIL["EMAIL_HOST_USER"] or "", _MAIL["EMAIL_HOST_PASSWORD"] or ""
EMAIL_USE_TLS, EMAIL_USE_SSL = _MAIL.get("EMAIL_USE_TLS", False), _MAIL.get("EMAIL_USE_SSL", False)
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = SERVER_EMAIL = read_sender(host=ALLOWED_HOSTS[0])
# A thread sends mails; tests send in the calling thread.
MAIL_IN_BACKGROUND = True

# --- The API -----------------------------------------------------------------------------------
SPECTACULAR_SETTINGS = document_settings(SITE_URL)
CORS_ALLOWED_ORIGINS = read_list("CORS_ALLOWED_ORIGINS")
CORS_ALLOW_CREDENTIALS = True
CORS_URLS_REGEX = r"^/(api|media)/"
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
# A thread writes searches and clicks; tests write in the calling thread, at a known time.
LOG_IN_BACKGROUND = True
# Days after which a logged search, its clicks, its words and its user are deleted.
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
# In the session, so that the admin's messages set no cookie of their own.
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
# /metrics answers this machine, staff, and anyone who sends this as a Bearer token.
METRICS_TOKEN = read_text("METRICS_TOKEN")
