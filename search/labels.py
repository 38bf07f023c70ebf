"""What filters and their values are called for people, in the language of the request: "Damen" for Women."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from catalog.attributes import category_steps, label
from catalog.templatetags.shop import localised, price_bound
from search.language.parsed_query import ORDER
from search.query import Chip, Sort

ORDER_LABELS = {
    Sort.RELEVANCE: gettext_lazy("Best match"),
    Sort.POPULAR: gettext_lazy("Most popular"),
    Sort.NEWEST: pgettext_lazy("sort order", "Newest"),
    Sort.PRICE: gettext_lazy("Price, low to high"),
    Sort.PRICE_DESCENDING: gettext_lazy("Price, high to low"),
}
SWITCH_LABELS = {"in_stock": gettext_lazy("In stock"), "on_sale": pgettext_lazy("filter", "On sale")}


def value_label(field: str, value: str) -> str:
    """One value of a filter: of a category path the last step, of an ``attribute`` what follows its name."""
    if field == "category":
        value = (category_steps(value) or (value,))[-1]
    elif field == "attribute":
        value = value.partition(":")[2].strip()
    return localised(value)


def attribute_label(name: str) -> str:
    """An attribute's name as a heading: "Sleeve length", "Ärmellänge"."""
    return localised(label(name))


def chip_label(chip: Chip) -> str:
    """The filter or exclusion that was read from the words or the picture."""
    if chip.field == "price_max":
        return _("up to %(price)s") % {"price": price_bound(chip.value)}
    if chip.field == "price_min":
        return _("from %(price)s") % {"price": price_bound(chip.value)}
    if chip.field == "size":
        return _("size %(size)s") % {"size": chip.value}
    if chip.field in SWITCH_LABELS:
        return str(SWITCH_LABELS[chip.field])
    if chip.field == ORDER:
        return str(ORDER_LABELS[Sort(chip.value)])
    if chip.field == "exclude":
        return _("without %(what)s") % {"what": localised(chip.value)}
    if chip.field == "word" and chip.words:
        # What a word of another language was read as: beside "Schuhe", "shoes" alone says nothing.
        return f"{chip.words} → {chip.value}"
    return localised(chip.value)
