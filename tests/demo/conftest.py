"""The stand-in encoder of the search tests: the demo shop needs vectors, not their quality."""

from tests.search.shop import colour_encoder, kept_pictures  # noqa: F401 - fixtures
