"""An index with inverted lists, a store of versions, and a small catalogue to reindex."""

import pytest

from search.index.reindex import reindex
from search.index.store import IndexStore
from tests.factories import NOW, ProductFactory, ProductImageFactory
from tests.search.index.clusters import clustered, index_of

COLOURS = ("red", "blue")


@pytest.fixture(scope="session")
def inverted():
    """An index of 30,000 rows with inverted lists."""
    return index_of(clustered(30_000), exact_limit=1000)


@pytest.fixture
def store(tmp_path):
    return IndexStore(tmp_path / "index")


@pytest.fixture
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def products(media):
    """Eight products in two colours, each with a picture."""
    batch = ProductFactory.create_batch(8)
    for number, product in enumerate(batch):
        product.title = f"{COLOURS[number % 2]} shirt {number}"
        product.colour = COLOURS[number % 2]
        product.save()
        ProductImageFactory(product=product, kept=True, colour=COLOURS[number % 2])
    return batch


@pytest.fixture
def run(tiny_encoder, store):
    def run(**options):
        return reindex(**{"encoder": tiny_encoder, "store": store, "now": NOW} | options)

    return run


@pytest.fixture
def deltas(settings):
    """Deltas from the first product on, and never too large."""
    settings.INDEX_WHOLE_LIMIT, settings.INDEX_DELTA_SHARE = 0, 50.0
