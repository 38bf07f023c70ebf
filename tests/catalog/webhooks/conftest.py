import pytest

from catalog import tasks
from tests.catalog.fakes.fake_shopify import TOKEN
from tests.catalog.webhooks.messages import SECRET


@pytest.fixture(autouse=True)
def shops_of_the_settings(settings, tmp_path):
    settings.DATA_DIR = tmp_path
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.SHOPIFY_SHOP = "fern.myshopify.com"
    settings.SHOPIFY_TOKEN = TOKEN
    settings.SHOPIFY_WEBHOOK_SECRET = settings.WOOCOMMERCE_WEBHOOK_SECRET = SECRET


@pytest.fixture
def queued(monkeypatch):
    """The tasks that were enqueued, without running them."""
    enqueued = []
    for task in (tasks.refresh, tasks.refresh_inventory_item):
        monkeypatch.setattr(
            task,
            "apply_async",
            lambda arguments, name=task.name, **options: enqueued.append((name, *arguments)),
        )
    return enqueued
