"""Bought together: what the same people bought, learned from the shop's own events."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import ngettext

from analytics.events.models import ProductPair
from analytics.events.pairs import Pair, together
from catalog.models import Product

# Products that are shown of those that are known.
SHOWN = 6


@dataclass(frozen=True)
class Bought:
    """Another product, and how many people bought both."""

    product: Product
    count: int
    # It fills no slot of an outfit.
    slot_name = ""

    @property
    def reason(self) -> str:
        return ngettext("%(n)d person bought both", "%(n)d people bought both", self.count) % {
            "n": self.count
        }


def pairs(product: Product) -> list[Pair]:
    """What was bought with the product, the best first; [] where too few people did. One query."""
    return together(product, ProductPair.Kind.BOUGHT)


def shown(found: Sequence[Pair], *, besides: Sequence[Product]) -> list[Bought]:
    """The pairs that can be bought, without products that stand on the page already."""
    taken = {product.pk for product in besides}
    counts = {pair.key: pair.count for pair in found if pair.key not in taken}
    products = Product.objects.active().filter(in_stock=True).for_cards().in_bulk(list(counts))
    kept = [Bought(products[key], count) for key, count in counts.items() if key in products]
    return kept[:SHOWN]
