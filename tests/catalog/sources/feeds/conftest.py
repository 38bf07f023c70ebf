import csv
import io

import pytest

from catalog.sources.base import Rejected, Skipped, SourceProduct
from catalog.sources.feeds.feed import FeedSource
from catalog.sources.feeds.options import FeedOptions, read_mapping
from tests.factories import NOW


@pytest.fixture
def export(tmp_path):
    """``export(rows)`` reads dictionaries as a CSV: (products by id, skipped, rejected, notes)."""

    def read(*rows, options=None):
        columns = list(dict.fromkeys(column for row in rows for column in row))
        text = io.StringIO()
        writer = csv.DictWriter(text, columns)
        writer.writeheader()
        writer.writerows(rows)
        path = tmp_path / "export.csv"
        path.write_text(text.getvalue())
        source = FeedSource("demo", str(path), now=NOW, options=lambda: options or FeedOptions())
        found = list(source.products())
        products = {row.external_id: row for row in found if isinstance(row, SourceProduct)}
        skipped = {row.external_id: row.reason for row in found if isinstance(row, Skipped)}
        rejected = [row for row in found if isinstance(row, Rejected)]
        return products, skipped, rejected, " ".join(source.notes())

    return read


@pytest.fixture
def look(tmp_path):
    """``look(content, ...options)`` reads a feed: (products, rejected, notes)."""

    def read(content, **options):
        path = tmp_path / "feed"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        options["columns"] = read_mapping(options.pop("columns", []))
        source = FeedSource("demo", str(path), now=NOW, options=lambda: FeedOptions(**options))
        rows = list(source.products())
        products = [row for row in rows if isinstance(row, SourceProduct)]
        return products, [row for row in rows if isinstance(row, Rejected)], "\n".join(source.notes())

    return read
