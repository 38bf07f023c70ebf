"""How people word what a look does not say: prices, stock, negations, for whom. English and German."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from search.language.german import LITERAL, German
from search.language.tokens import fold, stem

# --- Prices and stock ---------------------------------------------------------------------------
_NUMBER = r"(?:€|\$|£|eur\s)?\s?(\d{1,6}(?:[.,]\d{1,2})?)\s?"
_MONEY = r"(?:€|\$|£|(?:eur|euros?|usd|dollars?|gbp|pounds?)\b)"
# "under 40 denier" is no price.
_NO_UNIT = r"(?![\w%-]|[.,]\d|\s?(?:%|cm|mm|denier|den|inch|ml|years?|jahre|kg|oz)\b)"
_AMOUNT = rf"{_NUMBER}(?:{_MONEY}|{_NO_UNIT})"
_RANGES = (
    re.compile(rf"\b(?:from|between|von|zwischen)\s+{_NUMBER}{_MONEY}?\s*(?:to|and|bis|und|-)\s*{_AMOUNT}"),
    # Without such a word only money makes it a price: "20-40" may be sizes.
    re.compile(rf"(?<![\w.])(\d{{1,6}}(?:[.,]\d{{1,2}})?)\s?(?:-|to|bis)\s?{_NUMBER}{_MONEY}"),
)
_BELOW = re.compile(
    r"(?:\b(?:under|below|less than|cheaper than|up to|at most|no more than|not more than|max(?:imum|imal)?"
    rf"|unter|bis zu|bis|höchstens|weniger als|günstiger als)\.?|<=?)\s*{_AMOUNT}"
)
# "from 1969" is a style, "from 20 eur" a price.
_ABOVE = re.compile(
    rf"(?:\b(?:over|above|more than|at least|min(?:imum|destens)?|über|mehr als)\.?|>=?)\s*{_AMOUNT}"
    rf"|\b(?:from|ab)\s+{_NUMBER}{_MONEY}"
)
IN_STOCK = re.compile(r"\b(?:in stock|available now|auf lager|sofort lieferbar)\b")


@dataclass(frozen=True)
class Price:
    """One end of a price range, or both, and where the text says so."""

    low: Decimal | None
    high: Decimal | None
    start: int
    end: int


def prices(text: str) -> Iterator[Price]:
    """The price limits a text states: a range, or one end or the other."""
    # lower() and not casefold(), which may change the length and so every place in the text.
    lowered = text.lower() if len(text.lower()) == len(text) else text
    for pattern in _RANGES:
        if found := pattern.search(lowered):
            low, high = sorted(_amount(each) for each in found.groups())
            yield Price(low, high, *found.span())
            return
    if found := _BELOW.search(lowered):
        yield Price(None, _amount(found.group(1)), *found.span())
    if found := _ABOVE.search(lowered):
        yield Price(_amount(found.group(1) or found.group(2)), None, *found.span())


def _amount(text: str) -> Decimal:
    return Decimal(text.replace(",", "."))


# --- Words with their places --------------------------------------------------------------------
# A dash in front, as in "dress -red", says that the word is not wanted.
# "t-shirt" is one word, as it is everywhere else (search/language/tokens.py).
_WORD = re.compile(r"(?:(?<!\S)-)?(?:\b[^\W\d_]-(?=[^\W\d_]{2}))?[^\W_]+(?:['\u2019][^\W_]+)*")
_POSSESSIVE = re.compile(r"['\u2019].*$")


@dataclass(frozen=True)
class Word:
    """A word of a text and its place there."""

    stem: str
    folded: str
    start: int
    end: int
    has_dash: bool
    # A comma or a full stop follows.
    ends_phrase: bool


def words_of(text: str, german: German = LITERAL) -> list[Word]:
    """The words of ``text`` in order, a dash in front included in their place.

    A German word stands as its English ones, all in the place of the one: "Lederjacke" is two words.
    """
    english = german.meanings(text)
    return [word for found in _WORD.finditer(text) for word in _read(found, text, english)]


def _read(found: re.Match[str], text: str, english: Mapping[str, str]) -> Iterator[Word]:
    written = _POSSESSIVE.sub("", fold(found.group()).replace("-", ""))
    parts = english.get(written, written).split()
    for place, part in enumerate(parts):
        yield Word(
            stem=stem(part),
            folded=part,
            start=found.start(),
            end=found.end(),
            has_dash=found.group()[0] == "-" and place == 0,
            ends_phrase=text[found.end() : found.end() + 1] in (",", ";", ".", "!")
            and place == len(parts) - 1,
        )


# --- Negations ----------------------------------------------------------------------------------
NEGATORS = frozenset(
    [
        "not",
        "no",
        "without",
        "except",
        "excluding",
        "minus",
        "ohne",
        "nicht",
        "kein",
        "keine",
        "keinen",
        "ausser",
    ]
)
# "No show socks" and "no iron shirts" are kinds of socks and shirts.
AFTER_NO = frozenset(["show", "iron", "sew", "tie", "wire", "slip", "seam", "more", "less"])
ALTERNATIVES = frozenset(["or", "nor", "oder", "noch"])
JOINERS = ALTERNATIVES | {"and", "und"}
# What may stand between a negation and the thing.
FILLERS = frozenset(
    [
        "a",
        "an",
        "the",
        "any",
        "in",
        "too",
        "very",
        "with",
        "of",
        "for",
        "to",
        "ein",
        "eine",
        "einen",
        "mit",
        "zu",
    ]
)
BOUNDARIES = JOINERS | {"but", "with", "for", "in", "on", "aber", "sondern", "mit"}
# What makes no sense at the end of a text once the thing it led to was taken out.
DANGLING = BOUNDARIES | {"just", "only", "nur", "by", "a", "the", "von", "from", "please", "bitte"}
# And at its beginning.
LEADING = JOINERS | {"but", "aber", "sondern"}
# The encoder knows the word for having none of it.
LACKING = {"sleev": "sleeveless", "collar": "collarless", "heel": "flat", "strap": "strapless"}

# --- For whom, and what a colour describes ------------------------------------------------------
_GENDERS = {
    "man": ("men", "man", "male", "gents", "gentlemen", "him", "herren", "manner"),
    "woman": ("women", "woman", "female", "ladies", "lady", "her", "damen", "frauen"),
    "boy": ("boys", "boy", "jungen"),
    "girl": ("girls", "girl", "madchen"),
}
GENDER_OF = {stem(word): gender for gender, said in _GENDERS.items() for word in said}
FOR = frozenset(["for", "fur"])
# Shops label many children's things as adults', and "her" alone says nothing: these count only after "for".
ONLY_AFTER_FOR = frozenset(
    ["boy", "boys", "girl", "girls", "him", "her", "man", "woman", "lady", "jungen", "madchen"]
)
_PLAIN = (
    "long short sleeve sleeveless slim fit leather denim cotton wool linen silk suede velvet satin knit "
    "lace mesh printed print striped stripe checked check plain solid floral plaid summer winter spring "
    "autumn casual formal sporty sports running party evening work office maxi midi mini round neck "
    "vneck crew polo hooded high low heeled flat ankle wide loose skinny straight cropped oversized "
    "classic cheap new nice pretty elegant"
)
# What may stand between a colour and the garment it describes.
DESCRIBING = frozenset(stem(word) for word in _PLAIN.split())
# "short" has the stem of the garment, and is none.
NO_GARMENT = frozenset(["short"])
_GARMENTS = (
    "shirt tshirt tee top blouse tunic sweater jumper pullover cardigan hoodie sweatshirt jacket coat "
    "blazer vest dress gown skirt trousers pants jeans chinos leggings shorts suit jumpsuit kurta sari "
    "shoes sneakers trainers boots sandals heels flats pumps loafers slippers bag handbag backpack "
    "clutch wallet purse belt hat cap scarf gloves socks tights watch sunglasses tie underwear bra "
    "swimsuit bikini pyjamas clothes outfit accessories"
)
# What a colour describes, beside the names of the catalogue's own categories.
GARMENTS = frozenset(stem(word) for word in _GARMENTS.split())


_EVERYDAY = (
    "wear wearing clothing gear gift present outdoor indoor home beach gym school wedding holiday warm cold "
    "soft light dark bright big small large size colour good best great like look style fashion brand price "
    "sale discount easy waterproof kid child baby teen adult "
    "bolero bolo camo checkered cosy embroidered festive hemp jute khakis marl mitten organza pajama quilted "
    "ruffle shopper singlet skis strappy stretchy stripy woollen"
)
# Right words that a catalogue may lack: they are never taken for slips of the pen.
RIGHT_WORDS = GARMENTS | DESCRIBING | GENDER_OF.keys() | {stem(word) for word in _EVERYDAY.split()}


def trimmed(text: str) -> str:
    """What is left of a text, without the words that joined it to what was taken out."""
    left = re.sub(r"\s+([,;.!?])", r"\1", " ".join(text.split())).strip(" ,;.!-&")
    parts = left.split()
    while parts and parts[-1].strip(",;.").lower() in DANGLING:
        parts.pop()
    while parts and parts[0].strip(",;.").lower() in LEADING:
        parts.pop(0)
    return " ".join(parts).strip(" ,;")
