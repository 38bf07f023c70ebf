"""Text as it comes into a search field: emoji, and what is pasted: addresses, markup, words twice, and labels
of article numbers.
"""

from __future__ import annotations

import html
import re
from functools import cache
from pathlib import Path
from urllib.parse import unquote, urlsplit

from search.language.lexicon import FASHION_WORDS, SHADES, phrases
from search.language.patterns import any_of

_EMOJI = Path(__file__).parents[1] / "data" / "emoji.txt"
# Skin tones, the form as a picture, and what joins several emoji to one.
_MODIFIERS = "[\U0001f3fb-\U0001f3ff\ufe0e\ufe0f\u200d]*"
# "under <50 and >20" is none.
_TAG = re.compile(r"</?[a-z][^<>]*>", re.IGNORECASE)
_ADDRESS = re.compile(r"(?:https?://|www\.)\S+", re.IGNORECASE)
_ENDING = re.compile(r"\.[a-z]{2,5}$", re.IGNORECASE)
_WORD = re.compile(r"[^\W\d_]{3,}")
_ENTITY = re.compile(r"&(?:#\d{1,7}|#x[0-9a-f]{1,6}|[a-z][a-z0-9]{1,30});", re.IGNORECASE)
_TWICE = re.compile(r"\b([^\W\d_]{3,})(?:\s+\1\b)+", re.IGNORECASE)
_LABEL = re.compile(rf"\s*(?:{any_of(phrases('phrases', 'article_labels'))})(?!\w)[\s.:#]*", re.IGNORECASE)


def plain(text: str) -> str:
    """``text`` without markup, each word of fashion once in a row, an address as the words of its page; as it
    is where nothing else is left.
    """
    left = _TAG.sub(" ", _ENTITY.sub(lambda match: html.unescape(match.group()), text))
    left = _ADDRESS.sub(lambda match: f" {_page(match.group())} ", left)
    left = _TWICE.sub(_once, left)
    return " ".join(left.split()) if left != text and left.strip() else text


def _once(repeated: re.Match[str]) -> str:
    """A word of fashion once; "pom pom" and the name of a band are two."""
    is_slip = repeated[1].casefold() in FASHION_WORDS or repeated[1].casefold() in SHADES
    return repeated[1] if is_slip else repeated.group()


def without_label(text: str) -> str:
    """``text`` without what it calls an article number: "10-23" of "SKU: 10-23"."""
    match = _LABEL.match(text)
    return text[match.end() :] if match else text


def _page(address: str) -> str:
    """The words of the part of a path that has the most of them: "red dress" of "/p/red-dress/9"."""
    try:
        path = urlsplit(address if "://" in address else f"//{address}").path
    except ValueError:
        return ""
    parts: list[list[str]] = [_WORD.findall(_ENDING.sub("", unquote(part))) for part in path.split("/")]
    longest: list[str] = max(parts, key=len)
    return " ".join(longest)


@cache
def _emoji() -> dict[str, str]:
    lines = _EMOJI.read_text(encoding="utf-8").splitlines()
    return dict(line.split(maxsplit=1) for line in lines if not line.startswith("#"))


@cache
def _any_emoji() -> re.Pattern[str]:
    return re.compile(f"([{''.join(_emoji())}]){_MODIFIERS}")


def in_words(text: str) -> str:
    """``text`` with the emoji of things, colours and people as words (``data/emoji.txt``): "👗" asks for a
    dress.
    """
    if text.isascii() or not _any_emoji().search(text):
        return text
    spoken = _any_emoji().sub(lambda match: f" {_emoji()[match.group(1)]} ", text)
    return " ".join(spoken.split())
