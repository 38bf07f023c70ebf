"""The shop's categories and brands as sections that have an address: "apparel/topwear", "fern"."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from django.core.cache import cache
from django.db.models import Count
from django.urls import reverse
from django.utils.text import slugify

from catalog.attributes import category_steps, value_key
from catalog.models import Product
from search.index.columns import STEP
from search.query import longest_value

# The sections may lag behind the catalogue by this much.
KEPT_SECONDS = 300

Counted = tuple[tuple[str, ...], int]


@dataclass(frozen=True)
class Section:
    """A category or a brand that has products; ``slug`` is its address on the pages named ``route``."""

    route: str
    steps: tuple[str, ...]
    slug: str
    count: int

    @property
    def name(self) -> str:
        return self.steps[-1]

    @property
    def value(self) -> str:
        """As a filter states it: "Apparel > Topwear"."""
        return STEP.join(self.steps)

    @property
    def url(self) -> str:
        return reverse(self.route, args=[self.slug])


class Directory:
    """The sections of one kind, the largest first, and the ways to find one."""

    def __init__(self, route: str, counted: Iterable[Counted]) -> None:
        self.sections = tuple(_sections(route, counted))
        self._by_steps = {steps_key(each.steps): each for each in self.sections}
        self._by_address: dict[str, Section] = {}
        # The address itself, the quoted names of its steps, then what only one section can mean.
        for spelling in (_slug, _quoted, _flat):
            for each in self.sections:
                self._by_address.setdefault(spelling(each), each)
        names = Counter(_simple(each.name) for each in self.sections)
        for each in self.sections:
            if names[_simple(each.name)] == 1:
                self._by_address.setdefault(_simple(each.name), each)

    def find(self, address: str) -> Section | None:
        """By its slugs, by the names of its steps, or by a name of its own; None for what is unknown."""
        asked = address.strip("/")
        spellings = (asked, value_key(asked), _simple(asked.replace("/", " ")))
        return next((self._by_address[each] for each in spellings if each in self._by_address), None)

    def of(self, steps: Sequence[str]) -> Section | None:
        return self._by_steps.get(steps_key(steps))

    def above(self, steps: Sequence[str]) -> list[Section]:
        """The sections that lead to the one with these steps, and that one."""
        found = (self.of(steps[:end]) for end in range(1, len(steps) + 1))
        return [each for each in found if each]

    def below(self, steps: Sequence[str] = ()) -> list[Section]:
        """The sections one step further, the largest first."""
        start, length = steps_key(steps), len(steps)
        return [
            each
            for each in self.sections
            if len(each.steps) == length + 1 and steps_key(each.steps)[:length] == start
        ]


def categories() -> Directory:
    """Every step of the categories of active products."""
    return _directory("category", _category_rows)


def brands() -> Directory:
    return _directory("brand", _brand_rows)


def _directory(route: str, read: Callable[[], list[Counted]]) -> Directory:
    # As one text, which costs nothing to read, while it is the same as before.
    held = cache.get(f"sections:{route}")
    if not isinstance(held, str):
        held = json.dumps(read())
        cache.set(f"sections:{route}", held, KEPT_SECONDS)
    return _built(route, held)


@lru_cache(maxsize=8)
def _built(route: str, counted: str) -> Directory:
    return Directory(route, ((tuple(steps), count) for steps, count in json.loads(counted)))


def stated_categories() -> list[tuple[str, str, int]]:
    """(path, category, number of products) as the shops state them, the largest first."""
    counted = Product.objects.active().values_list("category_path", "category").annotate(n=Count("pk"))
    return list(counted.order_by("-n", "category_path", "category"))


def _category_rows() -> list[Counted]:
    return _merged((category_steps(path, category), n) for path, category, n in stated_categories())


def _brand_rows() -> list[Counted]:
    counted = Product.objects.active().exclude(brand="").values_list("brand").annotate(n=Count("pk"))
    return _merged(((brand.strip(),), count) for brand, count in counted.order_by() if brand.strip())


def _merged(rows: Iterable[Counted]) -> list[Counted]:
    """Each section and those that lead to it once, as most products spell it, with all its products."""
    totals: Counter[tuple[str, ...]] = Counter()
    spellings: defaultdict[tuple[str, ...], Counter[tuple[str, ...]]] = defaultdict(Counter)
    for steps, count in rows:
        for end in range(1, len(steps) + 1):
            totals[steps_key(steps[:end])] += count
            spellings[steps_key(steps[:end])][steps[:end]] += count
    merged = [(min(_commonest(spellings[key])), count) for key, count in totals.items()]
    return sorted(merged, key=lambda row: (-row[1], row[0]))


def _commonest(spellings: Counter[tuple[str, ...]]) -> list[tuple[str, ...]]:
    most = max(spellings.values())
    return [steps for steps, count in spellings.items() if count == most]


def _sections(route: str, counted: Iterable[Counted]) -> Iterable[Section]:
    taken: set[str] = set()
    for steps, count in counted:
        if len(STEP.join(steps)) > longest_value(route):
            continue
        slugs = [slugify(step, allow_unicode=True) for step in steps]
        slug = "/".join(slugs)
        # Of two with the same slug, and for a name without letters, the name itself is the address.
        if not all(slugs) or slug in taken:
            slug = "/".join(steps)
        taken.add(slug)
        yield Section(route, steps, slug, count)


def steps_key(steps: Sequence[str]) -> tuple[str, ...]:
    """Equal for all spellings of the same steps."""
    return tuple(value_key(step) for step in steps)


def _slug(section: Section) -> str:
    return section.slug


def _quoted(section: Section) -> str:
    return value_key("/".join(section.steps))


def _flat(section: Section) -> str:
    return _simple(" ".join(section.steps))


def _simple(text: str) -> str:
    return slugify(text, allow_unicode=True)
