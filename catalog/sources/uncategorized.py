"""The category of products that nobody put into one: no shopper looks for it."""

from __future__ import annotations

import tomllib
from pathlib import Path

_DATA = (Path(__file__).parent / "data" / "uncategorized.toml").read_text(encoding="utf-8")
_NAMES = frozenset(tomllib.loads(_DATA)["names"])


def is_uncategorized(name: str) -> bool:
    """Whether a shop system calls this category so, in any of its languages."""
    return name.strip().casefold() in _NAMES
