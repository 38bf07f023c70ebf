import pytest

from tests.search.wardrobe import outfits


@pytest.fixture
def wardrobe(db, colour_encoder):
    """A shop of outfits: products by "Colour Category"."""
    return outfits(colour_encoder)
