"""Tags and filters of product templates: prices by locale, icons, colours, favourites, pictures."""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal
from functools import lru_cache
from typing import Any

from django import template
from django.template import Context
from django.templatetags.static import static
from django.urls import get_script_prefix
from django.utils.formats import number_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext, pgettext

from catalog.display.cards import Card, cards_by_ids
from catalog.display.currency import displayed_currency
from catalog.models import Product, ProductImage
from catalog.pictures.decoding import FORMATS
from catalog.sources.money import decimals
from catalog.templatetags.colours import hexes

register = template.Library()

SYMBOLS = {"EUR": "€", "USD": "$", "GBP": "£", "JPY": "¥", "PLN": "zł", "INR": "₹"}


@register.filter
def money(amount: Decimal | float | None, currency: str = "EUR") -> str:
    """``39.00`` as "€39.00" or "39,00 €", by the reader's language; "" for None."""
    if amount is None:
        return ""
    number = number_format(
        Decimal(str(amount)), decimal_pos=decimals(currency), use_l10n=True, force_grouping=True
    )
    if not currency:
        return number
    symbol = SYMBOLS.get(currency, f"{currency}\xa0")
    # Translators: where the currency sign stands; use a no-break space where one belongs between the two.
    return (pgettext("price", "%(symbol)s%(amount)s") % {"symbol": symbol, "amount": number}).strip()


def price_bound(amount: Decimal | float | str) -> str:
    """The amount of a bound such as "up to 50", which is one of the shop's own currency."""
    return money(Decimal(amount), displayed_currency())


@register.filter
def percent(share: float | None) -> str:
    """A share in [0, 1] as whole per cent: "86 %" where the language has the space, else "86%"."""
    return "" if share is None else pgettext("share", "%(n)d%%") % {"n": round(share * 100)}


@register.simple_tag
def icon(name: str) -> SafeString:
    """One symbol of the sprite, hidden from screen readers: it always has a label."""
    return _icon(name, get_script_prefix())


@lru_cache(maxsize=256)
def _icon(name: str, _prefix: str) -> SafeString:
    sprite = static("img/icons.svg")
    return format_html('<svg class="icon" aria-hidden="true"><use href="{}#{}"/></svg>', sprite, name)


@register.simple_tag
def swatch(colour: str) -> SafeString:
    """A dot in a named colour, split for several.

    The colours are SVG attributes: the Content-Security-Policy forbids inline styles.
    """
    first, second = hexes(colour)
    return format_html(
        '<svg class="swatch" viewBox="0 0 20 20" aria-hidden="true"><rect width="20" height="20" fill="{}"/>'
        '<path d="M20 0v20H0z" fill="{}"/></svg>',
        first,
        second,
    )


@register.filter
def unbroken(text: str) -> SafeString:
    """A text whose short hyphenated words ("t-shirt", "V-neck") do not break at the hyphen."""
    span = '<span class="unbroken">{}</span>'
    words = re.split(r"(\s+)", text)
    return format_html_join(
        "", "{}", ((format_html(span, word) if "-" in word and len(word) <= 12 else word,) for word in words)
    )


@register.filter
def localised(value: str) -> str:
    """A catalogue value ("Red", "Women") in the reader's language, where the project knows a translation."""
    return gettext(value) if value else value


def amid_sentence(value: str) -> str:
    """A catalogue value within a sentence: translations are written as their language wants them there."""
    shown = localised(value)
    return shown.lower() if (get_language() or "").startswith("en") else shown


@register.inclusion_tag("accounts/_heart.html", takes_context=True)
def heart(context: Context, product: Product) -> dict[str, Any]:
    """The toggle that makes a product a favourite."""
    return {
        "product_id": product.product_id,
        "is_favorite": product.product_id in context["favorite_ids"],
    }


@register.simple_tag
def products_by_ids(product_ids: Iterable[str]) -> list[Card]:
    return cards_by_ids(product_ids)


@register.simple_tag
def picture_types() -> str:
    """The content types of the pictures that are read, for a file input's ``accept``."""
    return ",".join(content_types[0] for content_types in FORMATS.values())


@register.simple_tag
def image_url(image: ProductImage, width: int) -> str:
    return image.url(width)
