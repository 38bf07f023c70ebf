"""The query: one validated, immutable value that pages and API build alike, and every limit of it."""

from search.query.filters import BUYABLE, SWITCHES, VALUE_FILTERS, Filters
from search.query.limits import (
    MAX_CROP,
    MAX_IMAGE_ID,
    MAX_OFFSET,
    MAX_TEXT,
    MAX_TOP_K,
    MAX_URL,
    MAX_VALUE,
    MAX_VALUES,
    PAGE_SIZE,
    InvalidQuery,
    longest_value,
)
from search.query.search_query import Chip, Crop, PictureAddress, SearchQuery, Sort, Upload, is_address

__all__ = [
    "BUYABLE",
    "MAX_CROP",
    "MAX_IMAGE_ID",
    "MAX_OFFSET",
    "MAX_TEXT",
    "MAX_TOP_K",
    "MAX_URL",
    "MAX_VALUE",
    "MAX_VALUES",
    "PAGE_SIZE",
    "SWITCHES",
    "VALUE_FILTERS",
    "Chip",
    "Crop",
    "Filters",
    "InvalidQuery",
    "PictureAddress",
    "SearchQuery",
    "Sort",
    "Upload",
    "is_address",
    "longest_value",
]
