"""The search's small shop, for what is composed of all rooms."""

from tests.search.shop import colour_encoder, kept_pictures, shop  # noqa: F401 - fixtures
