import pytest

from tests.search.snapshots import put_back_or_made
from tests.search.wardrobe import outfits


@pytest.fixture
def wardrobe(db, colour_encoder, tmp_path_factory):
    """A shop of outfits: products by "Colour Category"."""
    return put_back_or_made(
        "wardrobe", lambda: outfits(colour_encoder), lambda: tmp_path_factory.mktemp("wardrobe")
    )
