"""Cells that hold lists: of texts as programs write them, of pictures, of sizes."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Any

from catalog.sources.base import InvalidProduct
from catalog.sources.feeds.values.stock import read_quantity
from catalog.sources.feeds.visibility import is_no, is_yes
from catalog.sources.texts import unescaped_address

# What an object of a list says in the place of a text.
_SAID = ("src", "url", "href", "link", "image", "value", "name", "label", "title")
_FILE = r"[^,;]+\.(?:jpe?g|png|webp|avif|gif)"
_FILES = re.compile(rf"\s*{_FILE}(?:\s*[,;]\s*{_FILE})+[\s,;]*", re.IGNORECASE)
# What may stand between two pictures.
_BETWEEN = re.compile(r"[,;|\s]")
_ELEMENT = re.compile(r"<img\b[^>]*?\bsrc\s*=\s*[\"']?([^\"'\s>]+)", re.IGNORECASE)
_SIZE_COLUMN = re.compile(r"(?:size_|größe_|taille_)?(?:x{0,4}[sl]|[2-6]xl|m|(?:eu_?)?(?:[2-5]\d)(?:_5)?)")
# Fewer columns named like sizes may be anything.
_LEAST_SIZE_COLUMNS = 3
_COUNTED = re.compile(
    r"\s*(?P<size>[^:=()]+?)\s*(?:[:=]\s*(?P<count>\d{1,6})|\(\s*(?P<number>\d{1,6})\s*\))\s*"
)


def listed(text: str) -> list[str]:
    """The parts of a cell that is a list as programs write it, ["a", "b"] or ['a', 'b']; else the cell."""
    text = text.strip()
    if not (text.startswith("[") and text.endswith("]")):
        return [text] if text else []
    parts = _parsed(text)
    if parts is None:
        return [part for each in text[1:-1].split(",") if (part := each.strip())]
    return [part for stated in parts if stated is not None and (part := _text_of(stated))]


def _text_of(stated: Any) -> str:
    if isinstance(stated, dict):
        return next(
            (said for name in _SAID if isinstance(said := stated.get(name), str) and said), ""
        ).strip()
    return str(stated).strip()


def _parsed(text: str) -> list[Any] | None:
    """A list of texts, numbers and objects in JSON or Python's own notation; None for anything else."""
    parts = _value(text)
    is_flat = isinstance(parts, list) and all(
        isinstance(part, str | int | float | dict | None) for part in parts
    )
    return parts if is_flat else None


def _value(text: str) -> Any:
    for parse in (json.loads, ast.literal_eval):
        try:
            return parse(text)
        except (ValueError, SyntaxError, MemoryError, RecursionError):
            continue
    return None


def images_of(stated: Iterable[str]) -> tuple[str, ...]:
    """Addresses and relative paths out of cells that may list several. A comma may stand inside an address,
    so only one before the next address, or between file names, separates.
    """
    return tuple(part for text in stated for each in _pictures(text) for part in _separated(each) if part)


def _pictures(text: str) -> list[str]:
    text = unescaped_address(text)
    elements = _ELEMENT.findall(text) if "<" in text else []
    return elements or listed(text)


def _separated(text: str) -> list[str]:
    if text.startswith("http") and not _BETWEEN.search(text):
        return [text]
    parts = re.split(r"\s*[|\n]\s*|\s*[,;]\s*(?=(?:https?:)?//)|\s+(?=https?://)", text)
    return [absolute(piece.strip()) for part in parts for piece in _paths(part)]


def absolute(address: str) -> str:
    """With the scheme that a browser would add: "//cdn.example/1.jpg", "www.shop.example/1.jpg"."""
    if address.startswith("//"):
        return f"https:{address}"
    return f"https://{address}" if address.lower().startswith("www.") else address


def _paths(text: str) -> list[str]:
    if text.startswith(("http://", "https://", "//")):
        # "https://cdn/a.jpg, b.jpg" goes on with a file of the same folder only in theory.
        return [text.rstrip(",; ")]
    return re.split(r"(?<=[A-Za-z0-9])\s*[,;]\s*(?=\S)", text) if _FILES.fullmatch(text) else [text]


def sizes_of(stated: Iterable[str]) -> dict[str, int | None]:
    """The sizes of cells that list them, with how many there are of each: {"S": 3} or S:3; None: not said."""
    sizes: dict[str, int | None] = {}
    for text in stated:
        sizes.update(_sizes_of(text))
    return sizes


@lru_cache(maxsize=4096)
def _sizes_of(text: str) -> Mapping[str, int | None]:
    counted = _counted(text)
    return counted or {part.strip(): None for each in listed(text) for part in _sizes_in(each)}


def _counted(text: str) -> dict[str, int | None]:
    text = text.strip()
    if text.startswith("{"):
        value = _value(text)
        counts = value if isinstance(value, dict) else {}
        return {str(size): int(count) for size, count in counts.items() if isinstance(count, int)}
    found = [_COUNTED.fullmatch(part) for part in re.split(r"[,;|]", text) if part.strip()]
    pairs = [(each["size"], int(each["count"] or each["number"])) for each in found if each]
    return dict(pairs) if pairs and len(pairs) == len(found) else {}


def _sizes_in(text: str) -> list[str]:
    """The sizes of a list: "36, 38", but "38,5" and "16,5; 17,0" are halves."""
    if re.search(r"[|;]", text):
        return re.split(r"[|;]", text)
    return re.split(r"(?<!\d{2}),|,(?![05](?:\D|$))", text)


@lru_cache(maxsize=64)
def size_columns(columns: frozenset[str]) -> frozenset[str]:
    """The columns of a table with a column for each size: S, M, L or 36, 38, 40; none unless several."""
    found = frozenset(column for column in columns if _SIZE_COLUMN.fullmatch(column))
    return found if len(found) >= _LEAST_SIZE_COLUMNS else frozenset()


def sizes_in_columns(pairs: Iterable[tuple[str, str]]) -> dict[str, int | None]:
    """As sizes_of, from the cells of such columns. Raises InvalidProduct for what is no number and no yes."""
    return dict(_sizes_in_columns(pairs))


def _sizes_in_columns(pairs: Iterable[tuple[str, str]]) -> Iterator[tuple[str, int | None]]:
    for column, text in pairs:
        size = column.rpartition("_")[2] if not column.endswith("_5") else column.replace("_", ".")
        if not text.strip().isdigit() and (is_yes(text) or is_no(text)):
            yield size.upper(), None if is_yes(text) else 0
            continue
        try:
            yield size.upper(), read_quantity(text)
        except InvalidProduct:
            raise InvalidProduct(f"{text[:40]!r} is no number of size {size.upper()}") from None
