"""Normalisation of text to words and stems, shared by indexing and queries: folding, compounds, plurals."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_WORD = re.compile(r"[^\W_]+")
_POSSESSIVE = re.compile(r"(?<=\w)['\u2019`]s?\b")
# "t-shirt", "v neck" and "a-line" are one word each; a lone letter before any other word is not
# ("W Women" is a brand and a gender).
_LETTER_COMPOUND = re.compile(r"\b([a-z])(?:-(?=[a-z]{2})|\s(?=(?:shirt|neck|line|back)s?\b))")

# Words without a meaning of their own in a shop, in the languages of the pages.
_ENGLISH = (
    "a an and are as at be by for from in is it its like me my of on or same some something "
    "that the this to very want with"
)
# Without "für", which folds to the English "fur".
_GERMAN = (
    "auf aus bei das dem den der des die ein eine einem einen einer etwas gern ich im ist "
    "mit oder suche und von wie zu zum zur"
)
STOP_WORDS = frozenset(_ENGLISH.split()) | frozenset(_GERMAN.split())

_IRREGULAR = {
    "men": "man",
    "mens": "man",
    "women": "woman",
    "womens": "woman",
    "children": "child",
    "scarves": "scarf",
    "clothes": "cloth",
    "colour": "color",
    "colours": "color",
    "colored": "color",
    "coloured": "color",
    "grey": "gray",
}


def fold(text: str) -> str:
    """Lower case, without accents: "Café" and "CAFE" are the same word."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))


def words(text: str) -> list[str]:
    """The words of ``text`` in order, folded; "T-Shirt" is "tshirt", "flip-flops" are two words."""
    folded = _POSSESSIVE.sub("", fold(text))
    return _WORD.findall(_LETTER_COMPOUND.sub(r"\1", folded))


def stems(text: str) -> list[str]:
    """The stems of ``text`` in order, without stop words unless it has nothing else."""
    found = words(text)
    content = [word for word in found if word not in STOP_WORDS]
    return [stem(word) for word in content or found]


def phrase_key(text: str) -> str:
    """The same key for all forms of a phrase: its stems, in order."""
    return " ".join(stems(text))


def query_key(text: str) -> str:
    """The same key for queries of the same words in any order: their stems once each, sorted."""
    return " ".join(sorted(set(stems(text))))


@lru_cache(maxsize=65_536)
def stem(word: str) -> str:
    """A folded word without its English plural or "-ed": dresses → dress, striped and stripes → strip.

    A light stemmer (after Harman's s-stemmer, "How effective is suffixing?", 1991), so that brand names and
    other languages stay nearly unchanged; products and queries change alike.
    """
    if word in _IRREGULAR:
        return _IRREGULAR[word]
    if len(word) <= 3 or not word.isalpha():
        return word
    word = _without_plural(word)
    if len(word) > 5 and word.endswith("ed"):
        word = word[:-2]
        if word[-1] == word[-2] and word[-1] not in "sl":
            word = word[:-1]
    return word[:-1] if len(word) > 4 and word.endswith("e") else word


def _without_plural(word: str) -> str:
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith(("sses", "shes", "ches", "xes", "zes")):
        return word[:-2]
    if word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return word[:-1]
    return word
