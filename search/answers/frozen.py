"""Answers by their ``query_id``, so that later pages and clicks refer to what the first page was cut from.

What is kept is the prepared query itself, with the vectors that it had: a person's taste moves with every
favourite and click, a picture may be deleted, staff change synonyms, and none of it changes an answer that
stands on somebody's screen. Its result set lies beside it (search.candidates.result_set).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import MISSING, dataclass, fields, is_dataclass, replace
from datetime import datetime
from enum import StrEnum
from functools import cache
from typing import TYPE_CHECKING, Any
from uuid import UUID

import numpy as np
from django.core.cache import caches
from django.utils.translation import gettext as _

from search.candidates import result_set
from search.candidates.result_set import LIFETIME_SECONDS, ResultSet
from search.candidates.vector_query import Draft, VectorQuery
from search.language.parsed_query import ParsedQuery
from search.query import Chip, Crop, Filters, SearchQuery, Sort
from search.query_builder import PreparedQuery
from search.query_builder.windows import WHOLE
from search.ranking.rules import Rule
from search.ranking.score import Weights
from search.result import Relaxed, SearchResult

if TYPE_CHECKING:
    from accounts.models import User

# Raise it with any change of the classes below: answers of another release are not read.
FORMAT = 8
_CLASSES: dict[str, Callable[..., Any]] = {
    each.__name__: each
    for each in (
        *(PreparedQuery, VectorQuery, Draft, Weights),
        *(ParsedQuery, SearchQuery, Crop, Filters, Chip, Rule, Relaxed),
    )
}


class AnswerExpired(Exception):
    """No answer is kept under this query_id for this person; ``str()`` is the message for the client."""

    def __init__(self) -> None:
        super().__init__(
            _("This answer is kept no longer. Send the query again, without query_id and from offset 0.")
        )


@dataclass(frozen=True)
class FrozenAnswer:
    """A prepared query, whose it is ("" for anybody's), when it was asked, and where its result set lies.

    ``asked`` is the query that it was prepared from, before a reading of it was let go. Where a filter was,
    ``close_id`` names the answer that the looser matches are of.
    """

    prepared: PreparedQuery
    asked: SearchQuery
    owner: str
    asked_at: datetime
    address: str
    relaxed: Relaxed | None = None
    close_id: UUID | None = None

    def result_set(self) -> ResultSet | None:
        return result_set.load_at(self.address)


def save(
    result: SearchResult,
    prepared: PreparedQuery,
    answered: ResultSet,
    *,
    user: User | None,
    now: datetime,
    asked: SearchQuery | None = None,
) -> None:
    """Keep the answer for LIFETIME_SECONDS; ``asked`` is by default the prepared query."""

    def named(query: SearchQuery) -> SearchQuery:
        # The picture is kept by its id; a crop is part of what that id names, and counts as a whole.
        crop = None if query.crop is None else WHOLE
        return replace(query, picture=None, crop=crop, image_id=prepared.image_id or "")

    stored = {
        "prepared": _plain(replace(prepared, query=named(prepared.query))),
        "asked": _plain(named(asked or prepared.query)),
        "relaxed": _plain(result.relaxed),
        "close_id": None if result.close_id is None else str(result.close_id),
        "owner": _owner(user),
        "asked_at": now,
        "address": result_set.address(prepared.vector_query.cache_key(), answered),
    }
    caches["answers"].set(_address(result.query_id), stored, LIFETIME_SECONDS)


def load(query_id: UUID) -> FrozenAnswer | None:
    """The answer, whosever it is; None for one that is unknown, expired or of another release."""
    stored = caches["answers"].get(_address(query_id))
    try:
        values = {name: _restored(stored[name]) for name in ("prepared", "asked", "relaxed")}
        close_id = stored["close_id"] and UUID(stored["close_id"])
        return FrozenAnswer(**{**stored, **values, "close_id": close_id})
    except (TypeError, KeyError, ValueError):
        return None


def find(query_id: UUID, *, user: User | None) -> FrozenAnswer:
    """The answer for this person. Raises AnswerExpired, also for an answer of somebody else."""
    found = load(query_id)
    if found is None or found.owner not in ("", _owner(user)):
        raise AnswerExpired
    return found


def _address(query_id: UUID) -> str:
    return f"frozen:{FORMAT}:{query_id}"


def _owner(user: User | None) -> str:
    return "" if user is None else str(user.pk)


def _plain(value: Any) -> Any:
    """A value as the caches take it; arrays, mappings and objects as lists with a tag."""
    if isinstance(value, np.ndarray):
        return ["array", value.dtype.str, value.shape, value.tobytes()]
    if isinstance(value, np.generic):
        return value.item()
    if isinstance(value, StrEnum):
        return str(value)
    if is_dataclass(value) and not isinstance(value, type):
        return ["object", type(value).__name__, _stated(value)]
    if isinstance(value, Mapping):
        return ["map", [(_plain(key), _plain(each)) for key, each in value.items()]]
    if isinstance(value, tuple):
        return tuple(_plain(each) for each in value)
    return value


def _stated(value: Any) -> dict[str, Any]:
    """The fields of an object that are not as by default, which few of some 150 are."""
    kind: Any = type(value)
    found = ((name, getattr(value, name), default) for name, default in _defaults(kind))
    return {name: _plain(each) for name, each, default in found if not _is_same(each, default)}


@cache
def _defaults(kind: Any) -> tuple[tuple[str, Any], ...]:
    """The fields of a class with their defaults; MISSING where they have none."""
    return tuple(
        (each.name, each.default if each.default_factory is MISSING else each.default_factory())
        for each in fields(kind)
    )


def _is_same(value: Any, default: Any) -> bool:
    # 1 and True are equal, and an array is compared by element.
    return type(value) is type(default) and not isinstance(value, np.ndarray) and bool(value == default)


def _restored(value: Any) -> Any:
    """What ``_plain`` got. Raises KeyError, TypeError or ValueError for anything that it did not make."""
    if isinstance(value, tuple):
        return tuple(_restored(each) for each in value)
    if not isinstance(value, list):
        return value
    tag, *content = value
    if tag == "array":
        kind, shape, data = content
        return np.frombuffer(data, dtype=kind).reshape(shape)
    if tag == "map":
        return {_restored(key): _restored(each) for key, each in content[0]}
    name, parts = content
    given = {part: _restored(each) for part, each in parts.items()}
    if "sort" in given:
        given["sort"] = Sort(given["sort"])
    return _CLASSES[name](**given)
