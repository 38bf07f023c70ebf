"""Which products may answer, as one immutable value."""

from __future__ import annotations

from dataclasses import dataclass, fields
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from catalog.attributes import attribute_name
from rest.prices import DIGITS
from search.query.limits import InvalidQuery, check_values

# The filters that take several values, and those that are on or off.
VALUE_FILTERS = ("category", "colour", "gender", "brand", "size", "material", "pattern", "attribute")
SWITCHES = ("in_stock", "on_sale")


@dataclass(frozen=True)
class Filters:
    """Which products may answer. Values within one field are alternatives; fields add up.

    ``category`` takes the name of any step of a category path, or a path from its first step
    ("Apparel > Topwear"). ``colour`` takes a family, which stands for all of its shades ("Blue"), or a shop's
    own word ("Navy Blue"); with ``exact_colour`` all of them are own words, as those that a query names.
    ``size`` means that this size can be bought. ``attribute`` takes "name:value" of whatever else products
    state; values under one name are alternatives, names add up.
    """

    category: tuple[str, ...] = ()
    colour: tuple[str, ...] = ()
    gender: tuple[str, ...] = ()
    brand: tuple[str, ...] = ()
    size: tuple[str, ...] = ()
    material: tuple[str, ...] = ()
    pattern: tuple[str, ...] = ()
    attribute: tuple[str, ...] = ()
    price_min: Decimal | None = None
    price_max: Decimal | None = None
    in_stock: bool = False
    on_sale: bool = False
    exact_colour: bool = False

    def __post_init__(self) -> None:
        # Says nothing without a colour: equal filters stay equal.
        object.__setattr__(self, "exact_colour", self.exact_colour and bool(self.colour))
        for name in VALUE_FILTERS:
            check_values(name, getattr(self, name))
        if not all(map(_is_named, self.attribute)):
            raise InvalidQuery("attribute", _("Write each attribute as name:value."))
        for name in ("price_min", "price_max"):
            price = getattr(self, name)
            # A Decimal may also be "1e400" or "1e-400", which is no price and fits on no page.
            if price is not None and not (
                price.is_finite()
                and price >= 0
                and price.adjusted() < DIGITS
                and int(price.as_tuple().exponent) >= -DIGITS
            ):
                raise InvalidQuery(name, _("A price is a number from 0 up."))
        if self.price_min is not None and self.price_max is not None and self.price_min > self.price_max:
            raise InvalidQuery(
                "price_min", _("The lowest price is above the highest. Swap the two, or leave one out.")
            )

    def attributes(self) -> dict[str, tuple[str, ...]]:
        """The wanted values of each attribute, under the catalogue's name for it."""
        wanted: dict[str, tuple[str, ...]] = {}
        for each in self.attribute:
            stated, _colon, value = each.partition(":")
            name = attribute_name(stated)
            wanted[name] = (*wanted.get(name, ()), value.strip())
        return wanted

    def beside(self, chosen: Filters) -> Filters:
        """Of these filters, those that say something about what ``chosen`` leaves open."""
        kept = {each.name: getattr(self, each.name) for each in fields(self)}
        kept |= {each.name: each.default for each in fields(self) if _is_set(getattr(chosen, each.name))}
        taken = chosen.attributes()
        kept["attribute"] = tuple(
            each for each in self.attribute if attribute_name(each.partition(":")[0]) not in taken
        )
        # The limits belong together: a chosen minimum with a stated maximum could be an empty range.
        if chosen.price_min is not None or chosen.price_max is not None:
            kept |= {"price_min": None, "price_max": None}
        return Filters(**kept)

    def joined(self, other: Filters) -> Filters:
        """Both together: per field the values of the one or, where it has none, of the other."""
        both = {
            each.name: getattr(self if _is_set(getattr(self, each.name)) else other, each.name)
            for each in fields(self)
        }
        return Filters(**both | {"attribute": (*self.attribute, *other.attribute)})

    def in_use(self) -> dict[str, Any]:
        """The filters that are set, as JSON knows them."""
        values = {f.name: getattr(self, f.name) for f in fields(self)}
        return {
            name: list(value)
            if isinstance(value, tuple)
            else str(value)
            if isinstance(value, Decimal)
            else value
            for name, value in values.items()
            if _is_set(value) and name != "exact_colour"
        }


def _is_set(value: object) -> bool:
    # A price of 0 is one, though it equals False.
    return value is not None and value is not False and value != ()


def _is_named(attribute: str) -> bool:
    name, _colon, value = attribute.partition(":")
    return bool(attribute_name(name) and value.strip())


# What nobody asked for has to be there to buy.
BUYABLE = Filters(in_stock=True)
