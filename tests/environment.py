"""The environment of every test run, set before Django reads it (loaded by ``-p`` in pyproject.toml)."""

import atexit
import gc
import os
import shutil
import tempfile
from pathlib import Path

import pytest

from tests.log_handlers import attach_quickly

TESTS = Path(__file__).parent
os.environ["DATA_DIR"] = tempfile.mkdtemp(prefix="tandem-tests-")
atexit.register(shutil.rmtree, os.environ["DATA_DIR"], ignore_errors=True)
# Where collectstatic would have written; WhiteNoise warns when it is missing.
Path(os.environ["DATA_DIR"], "static").mkdir()
os.environ["DEBUG"] = "off"
os.environ["HTTPS"] = "off"
os.environ["SECRET_KEY"] = "for-tests-only-" + "k" * 60
os.environ["HF_HUB_OFFLINE"] = "1"
# TEST_DATABASE_URL names another database, so that tests never touch a developer's own.
os.environ["DATABASE_URL"] = os.environ.get("TEST_DATABASE_URL", "")
os.environ["REDIS_URL"] = os.environ["QUEUE_URL"] = ""
os.environ["CLIP_MODEL"] = "bundled"
# Nor do a developer's settings count, from the environment or from .env: an empty variable is an unset one.
for name in (
    "ALERT_DAYS",
    "ALLOWED_HOSTS",
    "ALLOW_PRIVATE_FEEDS",
    "AWS_ENDPOINT_URL",
    "BACKUP_STAMP",
    "CATALOGUE_SOURCES",
    "CORS_ALLOWED_ORIGINS",
    "CSRF_TRUSTED_ORIGINS",
    "EMAIL_FROM",
    "EMAIL_URL",
    "EMBEDDING_WORKERS",
    "ENCODER_CONCURRENCY",
    "ENCODER_DEVICE",
    "FEED_OPTIONS",
    "INDEX_EXACT_LIMIT",
    "INDEX_STORAGE",
    "MAGENTO_PRODUCT_URL",
    "MAGENTO_STORE",
    "MAGENTO_TOKEN",
    "MAGENTO_URL",
    "MEDIA_STORAGE",
    "MEDUSA_COUNTRY",
    "MEDUSA_KEY",
    "MEDUSA_PRODUCT_URL",
    "MEDUSA_REGION",
    "MEDUSA_URL",
    "MEDUSA_WEBHOOK_SECRET",
    "MCP",
    "METRICS_TOKEN",
    "PORT",
    "RATE_LIMIT",
    "RATE_LIMIT_ADDRESS",
    "RATE_LIMIT_ALERTS",
    "RATE_LIMIT_FORGOT",
    "RATE_LIMIT_KEY",
    "RATE_LIMIT_PAGES",
    "RATE_LIMIT_PICTURES",
    "RATE_LIMIT_REGISTER",
    "RATE_LIMIT_SIGN_IN",
    "RATE_LIMIT_WEBHOOKS",
    "SALEOR_CHANNEL",
    "SALEOR_PRODUCT_URL",
    "SALEOR_TOKEN",
    "SALEOR_URL",
    "SALEOR_WEBHOOK_SECRET",
    "SEARCH_LOG_DAYS",
    "SENTRY_DSN",
    "SHOPIFY_CLIENT_ID",
    "SHOPIFY_CLIENT_SECRET",
    "SHOPIFY_SHOP",
    "SHOPIFY_TOKEN",
    "SHOPIFY_WEBHOOK_SECRET",
    "SITE_URL",
    "TRUSTED_PROXY_COUNT",
    "UCP",
    "VENDURE_CHANNEL",
    "VENDURE_DECIMALS",
    "VENDURE_PRODUCT_URL",
    "VENDURE_URL",
    "VENDURE_WEBHOOK_SECRET",
    "WOOCOMMERCE_KEY",
    "WOOCOMMERCE_SECRET",
    "WOOCOMMERCE_URL",
    "WOOCOMMERCE_WEBHOOK_SECRET",
):
    os.environ[name] = ""
os.environ["DEFAULT_CURRENCY"] = "EUR"

attach_quickly()
# Folders of which every test carries one mark (tests/config/documents/test_marks.py).
FOLDERS = {"browser": "browser", "real_shops": "shops", "clients": "clients"}


def pytest_ignore_collect(collection_path, config):
    """A folder whose mark is deselected is not imported: packages such as Playwright take seconds."""
    mark = FOLDERS.get(collection_path.name) if collection_path.parent == TESTS else None
    return True if mark and f"not {mark}" in config.option.markexpr.split(" and ") else None


@pytest.hookimpl(wrapper=True)
def pytest_collection():
    """Modules and tests live as long as the process: the garbage collector need not look at them again."""
    gc.disable()
    result = yield
    gc.freeze()
    gc.enable()
    return result


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    """With REQUIRE_SERVICES, a test that skips because a service or the browser is missing fails."""
    report = yield
    marks = {mark.name for mark in item.iter_markers()}
    if report.skipped and os.environ.get("REQUIRE_SERVICES") and marks & {"services", "browser"}:
        report.outcome = "failed"
        report.longrepr = f"REQUIRE_SERVICES is set, but the test skipped: {report.longrepr}"
    return report


def pytest_terminal_summary(terminalreporter, exitstatus, config):
    """After a failure, print the seed of the random order; the header that states it is off (-q)."""
    seed = config.getoption("randomly_seed", None)
    if exitstatus and seed is not None:
        terminalreporter.write_line(f"To repeat this order: pytest --randomly-seed={seed}")
