"""Products written and deleted as another system says."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from django.utils.translation import gettext as _

from catalog.models import Product
from catalog.sources.base import InvalidProduct, SourceProduct
from catalog.syncing.guards import Vanished
from catalog.syncing.sync import BATCH
from catalog.syncing.upsert import public_id, upsert
from catalog.tasks import request_pictures
from catalog.writing.results import Refused, Row, RowResult, RowStatus, rejected, without_repeats
from catalog.writing.rows import product_of

# A call may delete so many products however few the source has.
UNGUARDED_DELETIONS = 20


class TooManyDeletions(Exception):
    """A call would delete more of a source than a guard allows; ``str()`` is the message for the client."""

    def __init__(self, count: int, total: int) -> None:
        sentence = _(
            "This would delete %(count)d of the %(total)d products of this source, and nothing was deleted. "
            "Send it with force=true if they are really gone."
        )
        super().__init__(sentence % {"count": count, "total": total})


def write(source: str, rows: Sequence[Row], *, now: datetime) -> list[RowResult]:
    """Write what the rows state, in transactions of BATCH rows; a row that cannot be is rejected alone."""
    good, results = without_repeats(rows)
    for start in range(0, len(good), BATCH):
        results += _write_batch(source, good[start : start + BATCH], now)
    if any(result.status in (RowStatus.CREATED, RowStatus.UPDATED) for result in results):
        request_pictures(source)
    return results


def delete(source: str, rows: Sequence[Row], *, force: bool, now: datetime) -> list[RowResult]:
    """Take the products out of the shop; to send one again brings it back. Raises TooManyDeletions."""
    good, results = without_repeats(rows)
    of_source = Product.objects.active().filter(source=source)
    found = of_source.filter(external_id__in=[row.external_id for row in good])
    keys = dict(found.values_list("external_id", "pk"))
    if len(keys) > UNGUARDED_DELETIONS and not force:
        gone = Vanished(list(keys.values()), of_source.count())
        if gone.is_too_much:
            raise TooManyDeletions(len(keys), gone.total)
    Product.objects.filter(pk__in=keys.values()).deactivate(now)
    for row in good:
        status = RowStatus.DELETED if row.external_id in keys else RowStatus.ABSENT
        results.append(RowResult(row.index, row.external_id, status, public_id(source, row.external_id)))
    return results


def _write_batch(source: str, rows: Sequence[Row], now: datetime) -> Iterator[RowResult]:
    products: dict[int, SourceProduct] = {}
    for row in rows:
        try:
            products[row.index] = product_of(_stated(row), index=row.index, now=now)
        except InvalidProduct as error:
            yield rejected(row, Refused("product_invalid", str(error)))
    outcome = upsert(source, list(products.values()), now=now)
    refused = {each.external_id: each.problem for each in outcome.rejected}
    by_index = {row.index: row for row in rows}
    for index, product in products.items():
        row, external_id = by_index[index], product.external_id
        if external_id in refused:
            yield rejected(row, Refused("product_invalid", refused[external_id]))
        else:
            status = RowStatus(outcome.states[external_id])
            yield RowResult(index, external_id, status, public_id(source, external_id))


def _stated(row: Row) -> dict[str, object]:
    assert not isinstance(row.stated, Refused)  # noqa: S101 - without_repeats leaves none
    return dict(row.stated)
