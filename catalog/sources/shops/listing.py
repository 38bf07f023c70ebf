"""Lists of a shop's API: pages that move while they are read, categories with their paths, odd answers."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TypeVar
from urllib.parse import quote

from catalog.sources.base import SourceError

Thing = TypeVar("Thing")
Key = TypeVar("Key", bound=Hashable)


@contextmanager
def understood(shop: str) -> Iterator[None]:
    """For an answer on which every product depends: one in another form is the shop's SourceError."""
    try:
        yield
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        problem = " ".join(f"{type(error).__name__} {error}".split())[:200]
        raise SourceError(f"{shop}'s answer cannot be read: {problem}", permanent=True) from error


def every_one(
    read: Callable[[int], tuple[Sequence[Thing], int]], key: Callable[[Thing], Hashable]
) -> Iterator[Thing]:
    """Each thing of a list once, by its ``key``.

    ``read`` gives the things from a position on, in a fixed order, and how many there are in all.
    """
    position = total = 0
    seen: set[Hashable] = set()
    while True:
        things, stated = read(position)
        for thing in things:
            if key(thing) not in seen:
                seen.add(key(thing))
                yield thing
        deleted, total = total - stated, stated
        if deleted > 0 and position > 0:
            # What was deleted from earlier pages moved the rest forward, over the edge of this page.
            position = max(0, position - deleted)
        elif not things or position + len(things) >= stated:
            return
        else:
            position += len(things)


def path_of(categories: Mapping[Key, tuple[str, Key | None]], number: Key) -> str:
    """The path of a category, "Women > Dresses", from names and parents; a cycle ends where it closes."""
    names: dict[Key, str] = {}
    step: Key | None = number
    while step is not None and step in categories and step not in names:
        names[step], step = categories[step]
    return " > ".join(reversed(names.values()))


def deepest(paths: Sequence[str]) -> str:
    """The most specific of a product's categories."""
    return max(paths, key=lambda path: path.count(" > "), default="")


def product_link(pattern: str, **parts: str) -> str:
    """A product's address in a storefront, such as "https://shop.example/p/{slug}"; "" without a pattern."""
    for name, value in parts.items():
        pattern = pattern.replace(f"{{{name}}}", quote(str(value), safe=""))
    return pattern
