"""Sources in memory: a catalogue to crawl, and a shop whose products can be looked up by ids of any form."""

from catalog.sources.base import Offer, SourceError, SourceProduct
from catalog.sources.protocols import ShopSource


class MemoryShop:
    """``fails_after`` breaks the crawl, ``failure`` every picture; ``fetched`` lists what was asked for."""

    name = "demo"

    def __init__(self, *rows, pictures=None):
        self.rows = list(rows)
        self.pictures = pictures or {}
        self.fetched = []
        self.newer = set()
        self.fails_after = None
        self.failure = None

    def products(self, *, since=None):
        for number, row in enumerate(self.rows):
            if number == self.fails_after:
                raise SourceError("The shop hung up.", permanent=False)
            yield row

    def image(self, address):
        self.fetched.append(address)
        if self.failure:
            raise self.failure
        picture = self.pictures.get(address)
        if picture is None:
            raise SourceError("The server answered 404.", permanent=True)
        return picture

    def image_is_newer(self, address, than):
        return address in self.newer

    def offer(self, external_id, style_id):
        return None


class LookupShop(MemoryShop, ShopSource):
    """Gives the rows of a style; its ids are those of ``rows``."""

    configured_by = "nothing"

    @classmethod
    def from_settings(cls):
        return cls()

    def one(self, style_id):
        return (row for row in self.rows if style_id in (row.item_group_id, row.external_id))

    def offer(self, external_id, style_id):
        row = next(row for row in self.one(style_id) if row.external_id == external_id)
        return Offer(row.price, row.list_price, row.currency, row.in_stock, row.quantity)

    def check(self, *, now):
        return "All rows are in memory."


def hats(count, **fields):
    return [SourceProduct(str(n), f"Hat {n}", line=n + 1, **fields) for n in range(1, count + 1)]


def counted(report):
    """How many rows a sync created, updated, left unchanged, deactivated and rejected."""
    return (report.created, report.updated, report.unchanged, report.deactivated, report.rejected)
