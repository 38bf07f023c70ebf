"""Why a piece is part of a look, in one line."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from catalog.templatetags.shop import amid_sentence
from search.looks.building import Anchor, Piece
from search.looks.harmony import Relation, harmony, is_neutral

# What counts as the same occasion, and as close in style.
_SAME_OCCASION, _CLOSE_STYLE = 0.99, 0.8


def slot_name(slot: str) -> str:
    names = {
        "top": _("Top"),
        "bottom": pgettext("slot of a look", "Trousers or skirt"),
        "dress": pgettext("slot of a look", "Dress or suit"),
        "layer": _("Layer over it"),
        "shoes": _("Shoes"),
        "under": _("Underwear"),
        "bag": _("Bag"),
        "head": _("Headwear"),
        "neck": pgettext("slot of a look", "Scarf or tie"),
        "hands": _("Gloves"),
        "belt": _("Belt"),
        "wallet": _("Wallet"),
        "watch": pgettext("slot of a look", "Watch"),
        "eyewear": _("Sunglasses"),
        "jewellery": _("Jewellery"),
        "legs": pgettext("slot of a look", "Socks or tights"),
        "night": _("Nightwear"),
        "beach": _("Swimwear"),
    }
    return names.get(slot, _("Also"))


def reason(anchor: Anchor, piece: Piece, colour: str) -> str:
    """ "neutral with navy · for the same occasion"; ``colour`` is the product's, as the catalogue has it."""
    if piece.is_fixed:
        return _("chosen by the shop")
    parts = [_("often bought with it")] if piece.terms["bought"] else []
    parts.append(_colour_reason(anchor, piece, amid_sentence(colour)))
    if piece.terms["occasion"] >= _SAME_OCCASION:
        parts.append(_("for the same occasion"))
    elif piece.terms["style"] >= _CLOSE_STYLE:
        parts.append(_("close in style"))
    return " · ".join(filter(None, parts)) or _("often worn with it")


def _colour_reason(anchor: Anchor, piece: Piece, colour: str) -> str:
    relation = harmony(anchor.tone, piece.tone).relation
    if relation is Relation.NEUTRAL:
        if is_neutral(piece.tone):
            return _("neutral with %(colour)s") % {"colour": colour}
        return _("colour with neutral %(colour)s") % {"colour": colour}
    sentences = {
        Relation.TONAL: _("tone on tone"),
        Relation.ANALOGOUS: _("neighbouring colours"),
        Relation.COMPLEMENTARY: _("complementary colours"),
    }
    return sentences.get(relation, "")
