"""How much a request may carry, and how many requests each kind of caller may make."""

from __future__ import annotations

from config.environment import read_rate

MAX_UPLOAD_BYTES = 10 * 1024 * 1024
MAX_UPLOAD_PIXELS = 25_000_000
# Django refuses larger bodies before reading them into memory; files have their own cap.
DATA_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
# A shop's message about one product holds all of it: 2,000 variants of Shopify's are about 2 MB, and
# WooCommerce sends what page builders keep beside a description.
MAX_WEBHOOK_BYTES = 4 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 500
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FILES = 4
FILE_UPLOAD_HANDLERS = [
    "config.http.uploads.CappedUploadHandler",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]

RATE_LIMIT = read_rate("RATE_LIMIT", default="100/m")
RATE_LIMIT_KEY = read_rate("RATE_LIMIT_KEY", default="600/m")
# Unset, each is a share of RATE_LIMIT (config/http/budgets.py).
RATE_LIMIT_SIGN_IN = read_rate("RATE_LIMIT_SIGN_IN")
RATE_LIMIT_REGISTER = read_rate("RATE_LIMIT_REGISTER")
RATE_LIMIT_FORGOT = read_rate("RATE_LIMIT_FORGOT")
RATE_LIMIT_ALERTS = read_rate("RATE_LIMIT_ALERTS")
RATE_LIMIT_PICTURES = read_rate("RATE_LIMIT_PICTURES")
RATE_LIMIT_ADDRESS = read_rate("RATE_LIMIT_ADDRESS")
RATE_LIMIT_PAGES = read_rate("RATE_LIMIT_PAGES")
RATE_LIMIT_WEBHOOKS = read_rate("RATE_LIMIT_WEBHOOKS")
RATELIMIT_USE_CACHE = "ratelimit"
