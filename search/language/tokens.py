"""Normalisation of text to words and stems, shared by indexing and queries: folding, compounds, plurals."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_WORD = re.compile(r"[^\W_]+")
_LETTERS = re.compile(r"[^\W\d_]+")
_POSSESSIVE = re.compile(r"(?<=\w)['\u2019`]s?\b")
# "t-shirt", "v neck" and "a-line" are one word each; a lone letter before any other word is not
# ("W Women" is a brand and a gender), nor is "a" before a thing ("a shirt", "a back pack").
_LETTER_COMPOUND = re.compile(
    r"\b([a-z])(?:-(?=[a-z]{2})|(?<!\ba)\s(?=(?:shirt|neck|back)s?\b)|\s(?=lines?\b))"
)
# "H&M", "A.P.C." and "J.Crew" are one word each.
_INITIAL = re.compile(r"\b([a-z])(?:\.(?=[a-z])|\s?&\s?(?=[a-z]\b))")

# Chinese and Japanese have no blanks: each two neighbours are a word (as Lucene's CJKBigramFilter has it).
_UNSPACED = re.compile(r"[\u3005\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]+")
# Letters that no decomposition takes apart.
_SPECIAL = str.maketrans(
    {"œ": "oe", "æ": "ae", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i", "ħ": "h", "ŋ": "n"}
)
# The marks that make ド of ト are part of the letter.
_KANA_MARKS = "\u3099\u309a"
# Texts whose words are remembered: a build reads those of a product again and again, and few brands,
# categories and colours for all products.
_RECENT = 1024
# Some characters stand for whole sentences (U+FDFA for eighteen letters): those stay as they are.
_MAX_EXPANSION = 4

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


class _Folded(dict[int, str]):
    """Folds one character, given its code point, and remembers it."""

    def __missing__(self, point: int) -> str:
        letter = chr(point)
        decomposed = unicodedata.normalize("NFKD", letter)
        if len(decomposed) > _MAX_EXPANSION:
            decomposed = letter
        kept = (each for each in decomposed if each in _KANA_MARKS or not unicodedata.combining(each))
        folded = self[point] = "".join(kept).translate(_SPECIAL)
        return folded


_FOLDED = _Folded()


def fold(text: str) -> str:
    """Lower case, without accents: "Café" and "CAFE" are the same word, "Øre" is "ore"."""
    if text.isascii():
        return text.lower()
    # Composing puts Hangul and the marks of kana together again; accents are gone by then.
    return unicodedata.normalize("NFC", text.casefold().translate(_FOLDED))


def folded_words(text: str) -> list[str]:
    """The runs of letters of ``text``, folded: "l'été" is two words, as in a dictionary."""
    return _LETTERS.findall(fold(text))


def words(text: str) -> list[str]:
    """The words of ``text`` in order, folded; "T-Shirt" is "tshirt", "flip-flops" are two words."""
    return list(_words(text))


@lru_cache(maxsize=_RECENT)
def _words(text: str) -> tuple[str, ...]:
    folded = fold(text)
    # Looking for a character is many times faster than a pattern that needs it.
    if "'" in folded or "\u2019" in folded or "`" in folded:
        folded = _POSSESSIVE.sub("", folded)
    if "." in folded or "&" in folded:
        folded = _INITIAL.sub(r"\1", folded)
    return tuple(_WORD.findall(_LETTER_COMPOUND.sub(r"\1", folded)))


def segments(word: str) -> list[str]:
    """The parts of a folded word that are looked up: Chinese and Japanese in bigrams, any other as it is."""
    if word.isascii() or not _UNSPACED.search(word):
        return [word]
    found, end = [], 0
    for run in _UNSPACED.finditer(word):
        found += [word[end : run.start()], *_bigrams(run.group())]
        end = run.end()
    return [part for part in (*found, word[end:]) if part]


def _bigrams(run: str) -> list[str]:
    return [run[at : at + 2] for at in range(max(len(run) - 1, 1))]


def stems(text: str) -> list[str]:
    """The stems of ``text`` in order, without stop words unless it has nothing else."""
    return list(_stems(text))


@lru_cache(maxsize=_RECENT)
def _stems(text: str) -> tuple[str, ...]:
    found = _words(text)
    if not text.isascii():
        found = tuple(part for word in found for part in segments(word))
    content = [word for word in found if word not in STOP_WORDS]
    return tuple(stem(word) for word in content or found)


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
    if word.endswith("s") and not word.endswith(("ss", "us")):
        return word[:-1]
    return word
