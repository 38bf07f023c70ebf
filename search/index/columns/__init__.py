"""The catalogue as numpy columns aligned with the rows of an index: filters and facets are masks over them.

Prices and stock change between two builds of the index, so the columns follow the database (one look at
the catalogue's generation every two seconds) while the rows follow the index.
"""

from search.index.columns.codes import Codes, ManyCodes
from search.index.columns.loading import load_columns
from search.index.columns.store import ColumnStore
from search.index.columns.table import FACETS, STEP, Columns, attribute_facet

__all__ = [
    "FACETS",
    "STEP",
    "Codes",
    "ColumnStore",
    "Columns",
    "ManyCodes",
    "attribute_facet",
    "load_columns",
]
