"""The words of wishes: those that the glossary has in every language of the pages."""

from __future__ import annotations

from functools import lru_cache

from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_noop as _

from catalog.attributes import value_key
from catalog.glossary.attributes import VALUES
from catalog.sources.colour_families import FAMILIES
from catalog.templatetags.colours import PAINTS
from catalog.templatetags.shop import amid_sentence
from search.language.tokens import phrase_key

# What titles say of a piece's pattern, material and cut.
DETAILS = (
    *(_("striped"), _("checked"), _("floral"), _("polka dot"), _("Printed"), _("embroidered")),
    *(_("sleeveless"), _("short-sleeved"), _("long-sleeved"), _("hooded")),
    *(
        _("Cotton"),
        _("Linen"),
        _("Silk"),
        _("Wool"),
        _("Denim"),
        _("Leather"),
        _("Suede"),
        _("Velvet"),
        _("Lace"),
    ),
)
# How titles write them, where it is another word.
_WRITTEN = {"short-sleeved": "short sleeve", "long-sleeved": "long sleeve"}
# Several colours at once are no wish.
_NO_WISH = {"Multi"}


def shown(value: str) -> str:
    """A catalogue's value as a wish says it; "" for one that the glossary lacks."""
    return _shown(get_language() or "").get(value_key(value), "")


def details(title: str) -> set[str]:
    """The DETAILS that a title names."""
    words = f" {phrase_key(title)} "
    return {detail for phrase, detail in _phrases() if f" {phrase} " in words}


@lru_cache(maxsize=16)
def _shown(_language: str) -> dict[str, str]:
    """By the key of a value in English, or as a shop of the reader's language writes it."""
    known = [value for value in (*PAINTS, *FAMILIES, *VALUES) if value not in _NO_WISH]
    return {
        **{value_key(gettext(value)): amid_sentence(value) for value in known},
        **{value_key(value): amid_sentence(value) for value in known},
    }


@lru_cache(maxsize=1)
def _phrases() -> tuple[tuple[str, str], ...]:
    return tuple((phrase_key(_WRITTEN.get(detail, detail)), detail) for detail in DETAILS)
