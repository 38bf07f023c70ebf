"""Staff's rules for looks: what is always shown with a product, and what never is."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from django.core.cache import cache

from catalog.attributes import category_steps, value_key
from catalog.models import Product
from search.models import LookRule
from search.ranking.timing import is_in_force

# Other processes see a change after this long, where they do not share the cache.
CACHE_SECONDS = 60


@dataclass(frozen=True)
class Rule:
    """``product`` and ``complement`` are primary keys, categories keys of values; None and "" for any."""

    fixes: bool
    product: int | None
    category: str
    complement: int | None
    complement_category: str
    starts_at: datetime | None
    ends_at: datetime | None

    def is_for(self, key: int, steps: Iterable[str]) -> bool:
        if self.product is not None:
            return self.product == key
        return not self.category or self.category in steps


@dataclass(frozen=True)
class Wishes:
    """What staff want for one product: primary keys to show, primary keys and categories never to."""

    fixed: tuple[int, ...] = ()
    forbidden: frozenset[int] = frozenset()
    forbidden_categories: tuple[str, ...] = ()


def wishes(product: Product, *, now: datetime) -> Wishes:
    """The rules in force for this product; what is forbidden is not shown, even where it is fixed."""
    steps = {value_key(step) for step in category_steps(product.category_path, product.category)}
    rules = [rule for rule in _rules() if is_in_force(rule, now) and rule.is_for(product.pk, steps)]
    forbidden = frozenset(each.complement for each in rules if each.complement and not each.fixes)
    return Wishes(
        fixed=tuple(
            each.complement
            for each in rules
            if each.fixes and each.complement is not None and each.complement not in forbidden
        ),
        forbidden=forbidden,
        forbidden_categories=tuple(each.complement_category for each in rules if each.complement_category),
    )


def _rules() -> list[Rule]:
    held = _read(cache.get(LookRule.CACHE_KEY))
    if held is None:
        held = [_rule(row) for row in LookRule.objects.filter(is_enabled=True)]
        cache.set(LookRule.CACHE_KEY, [asdict(rule) for rule in held], CACHE_SECONDS)
    return held


def _rule(row: LookRule) -> Rule:
    return Rule(
        row.kind == LookRule.Kind.FIX,
        row.product_id,
        value_key(row.category),
        row.complement_id,
        value_key(row.complement_category),
        row.starts_at,
        row.ends_at,
    )


def _read(cached: Any) -> list[Rule] | None:
    """None for nothing, and for what another release cached."""
    try:
        return None if cached is None else [Rule(**each) for each in cached]
    except TypeError:
        return None
