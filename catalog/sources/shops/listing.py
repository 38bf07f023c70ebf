"""Lists of a shop's API: pages that move while they are read, categories with their paths, odd answers."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TypeVar
from urllib.parse import quote

from catalog.sources.base import SourceError

Thing = TypeVar("Thing")
Key = TypeVar("Key", bound=Hashable)

# How often things may be deleted from what was read of one list, until it is left for later.
MOST_MOVES = 1000
# How often a page may be empty before the end, or one that was given before.
MOST_STUCK = 5


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

    ``read`` gives the things from a position on, in a fixed order, and how many there are in all. Pages of
    one thing cannot overlap: what is deleted meanwhile may hide another. Raises SourceError for a list that
    never stands still, and for one whose pages do not lead to its end.
    """
    position = size = moves = stuck = 0
    overlaps = False
    seen: set[Hashable] = set()
    # Pages since the last step back: in a list that stands still, each is another one.
    given: set[tuple[Hashable, ...]] = set()
    while True:
        things, stated = read(position)
        size = max(size, len(things))
        page = tuple(map(key, things))
        # A page begins with the last thing of the one before. Where it does not, things before it were
        # deleted, and the rest moved over its edge. The total does not tell: as many may have been added.
        if overlaps and (not page or page[0] not in seen or page in given):
            moves += 1
            if moves > MOST_MOVES:
                raise SourceError("The shop's list changes faster than it can be read.", permanent=False)
            # A cache or an overload, perhaps: the rest must not pass for deleted.
            stuck += page in given or (not page and position + 1 < stated)
            if stuck > MOST_STUCK:
                message = "The shop's list cannot be read to its end: pages repeat themselves, or are empty."
                raise SourceError(message, permanent=False)
            given.clear()
            position = max(0, position - size)
            overlaps = position > 0
            continue
        if len(page) > 1:
            given.add(page)
        for thing in things:
            if key(thing) not in seen:
                seen.add(key(thing))
                yield thing
        if not things or position + len(things) >= stated:
            return
        overlaps = len(things) > 1
        position += len(things) - overlaps


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
