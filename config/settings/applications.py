"""The applications, the middleware in its order, and the templates."""

from __future__ import annotations

from importlib.util import find_spec

from config.environment import BASE_DIR

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
