"""Filters and tags of product templates: prices by locale, icons, colours, products by their ids."""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal

from django import template
from django.templatetags.static import static
from django.utils.formats import number_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext, pgettext

from catalog.models import Product, ProductImage
from catalog.templatetags.colours import hexes

register = template.Library()

SYMBOLS = {"EUR": "€", "USD": "$", "GBP": "£", "JPY": "¥", "PLN": "zł", "INR": "₹"}
# Currencies without a smaller unit.
WHOLE = {"JPY", "KRW", "VND", "HUF", "ISK"}


@register.filter
def money(amount: Decimal | float | None, currency: str = "EUR") -> str:
    """``39.00`` as "€39.00" or "39,00 €", by the reader's language; "" for None."""
    if amount is None:
        return ""
    digits = 0 if currency in WHOLE else 2
    number = number_format(Decimal(str(amount)), decimal_pos=digits, use_l10n=True, force_grouping=True)
    symbol = SYMBOLS.get(currency, f"{currency} ")
    # Translators: where the currency sign stands; use a no-break space where one belongs between the two.
    return pgettext("price", "%(symbol)s%(amount)s") % {"symbol": symbol, "amount": number}


@register.filter
def percent(share: float | None) -> str:
    """A share in [0, 1] as whole per cent: "86 %" where the language has the space, else "86%"."""
    return "" if share is None else pgettext("share", "%(n)d%%") % {"n": round(share * 100)}


@register.simple_tag
def icon(name: str) -> SafeString:
    # Hidden from screen readers: a label always stands beside it.
    return format_html(
        '<svg class="icon" aria-hidden="true"><use href="{}#{}"/></svg>', static("img/icons.svg"), name
    )


@register.simple_tag
def swatch(colour: str) -> SafeString:
    """A dot in a named colour, split for several; in attributes, as the policy forbids inline styles."""
    first, second = hexes(colour)
    return format_html(
        '<svg class="swatch" viewBox="0 0 20 20" aria-hidden="true"><rect width="20" height="20" fill="{}"/>'
        '<path d="M20 0v20H0z" fill="{}"/></svg>',
        first,
        second,
    )


@register.filter
def unbroken(text: str) -> SafeString:
    """A text whose short hyphened words ("t-shirt", "V-neck") never break at the hyphen."""
    span = '<span class="unbroken">{}</span>'
    words = re.split(r"(\s+)", text)
    return format_html_join(
        "", "{}", ((format_html(span, word) if "-" in word and len(word) <= 12 else word,) for word in words)
    )


@register.filter
def localised(value: str) -> str:
    """A catalogue value ("Red", "Women") in the reader's language, where the project knows a translation."""
    return gettext(value) if value else value


@register.simple_tag
def products_by_ids(product_ids: Iterable[str]) -> list[Product]:
    return Product.objects.by_public_ids(product_ids)


@register.simple_tag
def image_url(image: ProductImage, width: int) -> str:
    return image.url(width)
