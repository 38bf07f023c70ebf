"""Emoji as the words that they stand for (``data/emoji.txt``): "👗" asks for a dress."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

_FILE = Path(__file__).parents[1] / "data" / "emoji.txt"
# Skin tones, the form as a picture, and what joins several emoji to one.
_MODIFIERS = "[\U0001f3fb-\U0001f3ff\ufe0e\ufe0f\u200d]*"


@cache
def _words() -> dict[str, str]:
    lines = _FILE.read_text(encoding="utf-8").splitlines()
    return dict(line.split(maxsplit=1) for line in lines if not line.startswith("#"))


@cache
def _pattern() -> re.Pattern[str]:
    return re.compile(f"([{''.join(_words())}]){_MODIFIERS}")


def in_words(text: str) -> str:
    """``text`` with the emoji of things, colours and people as words."""
    if text.isascii() or not _pattern().search(text):
        return text
    spoken = _pattern().sub(lambda match: f" {_words()[match.group(1)]} ", text)
    return " ".join(spoken.split())
