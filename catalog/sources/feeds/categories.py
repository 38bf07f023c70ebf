"""Category paths as exports write them: "A > B", "A/B/C", several of them in one cell."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from html import unescape

# What shop systems call the root of their tree; no shopper's category.
_ROOTS = {"default category", "root catalog", "root category", "root", "startseite", "accueil"}
_ARROW = re.compile(r"\s*(?:>+|»|›|→|\|)\s*")
_SLASH = re.compile(r"\s*(?<!\\)/\s*")
_COMMA = re.compile(r"\s*(?<!\\)[,;]\s*")
# After a comma, a step like "Shoes & Jewelry" goes on with an enumeration: "Clothing, Shoes & Jewelry".
_ENUMERATED = re.compile(r"^[^,;>»›/|]*\s(?:&|and|und|et|y|e|en|och|og|i)\s", re.IGNORECASE)

Path = tuple[str, ...]


@lru_cache(maxsize=4096)
def paths_of(text: str, *, is_list: bool = False) -> Sequence[Path]:
    """Every path that a cell states, each from the root down. ``is_list`` says that bare names separated by
    commas are several categories and not one name.
    """
    parts = _separated(unescape(text), is_list=is_list)
    return tuple(path for part in parts if (path := steps_of(part)))


def steps_of(path: str, *, roots: Iterable[str] = ()) -> Path:
    """The steps of one path, without the shop system's root."""
    pattern = _ARROW if _ARROW.search(path) else _SLASH
    steps = [re.sub(r"\\([,/;])", r"\1", step).strip() for step in pattern.split(path)]
    named = [step for step in steps if step]
    skipped = _ROOTS | set(roots)
    while named and named[0].casefold() in skipped:
        named = named[1:]
    return tuple(named)


def arrow_steps(path: str) -> Path:
    """As steps_of, for systems whose paths have arrows alone: "Tops/T-Shirts" is one step."""
    return tuple(step.strip() for step in re.split(r"\s*>\s*", unescape(path)) if step.strip())


def deepest(paths: Sequence[Path]) -> Path:
    """The one with most steps, the first of several; () without any."""
    return max(paths, key=len, default=())


def joined(path: Path) -> str:
    return " > ".join(path)


def _separated(text: str, *, is_list: bool) -> list[str]:
    """The cell's paths. Commas stand between paths and within names; what the parts look like decides."""
    parts = [part for part in _COMMA.split(text) if part.strip()]
    if len(parts) < 2:
        return [part.strip() for part in parts]
    if not any(map(_is_path, parts)):
        within = any(map(_goes_on, parts[1:]))
        return parts if is_list and not within else [text.strip()]
    cells = [parts[0]]
    for part in parts[1:]:
        if _begins_another(part, cells[-1], parts):
            cells.append(part)
        else:
            cells[-1] = f"{cells[-1]}, {part}"
    return cells


def _is_path(text: str) -> bool:
    return bool(_ARROW.search(text) or _SLASH.search(text))


def _goes_on(part: str) -> bool:
    return bool(_ENUMERATED.match(part))


def _begins_another(part: str, before: str, parts: Sequence[str]) -> bool:
    if _goes_on(part):
        return False
    if _is_path(part):
        # A bare name before a path is a path of its own only where it leads somewhere: "Men, Men > Shirts".
        return _is_path(before) or _leads(before, parts)
    return _leads(part, parts)


def _leads(name: str, parts: Sequence[str]) -> bool:
    """Whether a bare name is the first step of another path of the cell."""
    key = name.strip().casefold()
    return any(len(steps) > 1 and steps[0].casefold() == key for steps in map(steps_of, parts))
