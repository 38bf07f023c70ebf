"""People: accounts, passwords, tokens, what is exported and forgotten, and who is locked out."""

from __future__ import annotations

import hashlib
from datetime import timedelta

from config.settings.site import SECRET_KEY

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "accounts.sign_in.hashing.PasswordBackend"]
# The first hashes; the others check the passwords of before, which the next sign-in hashes anew.
PASSWORD_HASHERS = [
    "accounts.sign_in.hashing.Argon2id",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
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
    "events": "config.providers.exported_events",
    "pictures": "config.providers.exported_pictures",
    "alerts": "config.providers.exported_alerts",
    "experiments": "config.providers.exported_experiments",
}
# Called before the transaction that deletes an account: SQLite's holds the lock that the writer waits for.
BEFORE_FORGETTING = ["analytics.recording.settle"]
FORGET_SECTIONS = [
    "analytics.privacy.forget",
    "search.operations.deletion.forget",
    "accounts.sign_in.attempts.forget",
]
# Functions that are told how prices and stock change (catalog/syncing/listeners.py).
PRODUCT_CHANGE_LISTENERS = ["search.alerts.outbox.on_offer_changes"]
# Called with the request and the person of every sign-in.
SIGNED_IN = ["analytics.sessions.forgetting.merge"]
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
