"""``python -m bench.analytics``: the dashboard over a full log, in a temporary database.

Set DATABASE_URL to measure PostgreSQL; no existing data is touched.
"""

from __future__ import annotations

import argparse
import os
import random
import sys
import time
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from bench.timing import Row, table, timed

if TYPE_CHECKING:
    from analytics.models import ProductClick, SearchLog

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

DAYS = 30
BATCH = 5000
NOW = datetime(2026, 6, 30, 12, tzinfo=UTC)

# A search and the click on one of its results, if any.
Visit = tuple["SearchLog", "ProductClick | None"]


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.analytics", description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000, help="searches, all within the days shown")
    searches = parser.parse_args().rows
    import django

    django.setup()
    title, rows = measure(searches)
    sys.stdout.write(table(title, rows) + "\n")


def measure(searches: int) -> tuple[str, list[Row]]:
    """(a title with the number of log rows, one row per dashboard query), in a temporary database."""
    from django.db import connection

    existing = connection.settings_dict["NAME"]
    connection.creation.create_test_db(verbosity=0, serialize=False)
    try:
        began = time.perf_counter()
        clicks = fill(searches)
        took = time.perf_counter() - began
        title = f"Dashboard on {connection.vendor}: {searches:,} searches, {clicks:,} clicks ({took:.0f} s)"
        return title, _timings()
    finally:
        connection.creation.destroy_test_db(existing, verbosity=0)


def fill(rows: int) -> int:
    """Write ``rows`` searches and their clicks, and add them to the daily counts; returns how many clicks."""
    from analytics import daily_counts

    counts, clicks = daily_counts.Counts(), 0
    batch: list[Visit] = []
    for log, click in _visits(random.Random(7), rows):  # noqa: S311 - reproducible visits
        counts.update(daily_counts.for_search(log))
        if click:
            counts.update(daily_counts.for_click(click, visit=log, clicked=()))
        batch.append((log, click))
        if len(batch) == BATCH:
            clicks += _write(batch)
            batch = []
    clicks += _write(batch)
    daily_counts.add(counts)
    return clicks


def _write(batch: list[Visit]) -> int:
    from analytics.models import ProductClick, SearchLog

    SearchLog.objects.bulk_create(log for log, _click in batch)
    return len(ProductClick.objects.bulk_create(click for _log, click in batch if click))


def _visits(rng: random.Random, rows: int) -> Iterator[Visit]:
    """Searches spread over DAYS, of up to 20,000 distinct queries with a heavy-tailed distribution."""
    from analytics.models import ProductClick
    from analytics.recording import SearchRecord

    for _row in range(rows):
        moment = NOW - timedelta(seconds=rng.random() * (DAYS - 1) * 86_400)
        total = 0 if rng.random() < 0.05 else rng.randint(1, 900)
        ms = rng.lognormvariate(3, 0.6)
        record = SearchRecord(
            query_id=uuid.UUID(int=rng.getrandbits(128), version=4),
            query_type=rng.choice(("text", "text", "image", "hybrid")),
            timestamp=moment,
            results_count=total,
            took_ms={
                "decode": ms / 9,
                "encode": ms / 2,
                "search": ms / 9,
                "rows": ms / 9,
                "rank": ms / 9,
                "total": ms,
            },
            text=f"query {int(rng.paretovariate(0.9)) % 20_000}",
            weight=round(rng.random(), 2),
            top_score=rng.uniform(0.3, 1) if total else None,
            cutoff=0.3,
            cache_hit=rng.random() < 0.3,
            track=True,
        )
        log, position = record.to_row(), min(int(rng.paretovariate(1)), 24)
        clicked = total >= position and rng.random() < 0.3
        product = f"demo-{rng.randint(1, 7715)}"
        yield (
            log,
            ProductClick(search_id=log.pk, product_id=product, position=position, timestamp=moment)
            if clicked
            else None,
        )


def _timings() -> list[Row]:
    from django.conf import settings
    from django.core.cache import cache
    from django.db import connection

    from analytics.dashboard import stats
    from analytics.models import DailyCount, SearchLog

    sections, settings.DASHBOARD_SECTIONS = settings.DASHBOARD_SECTIONS, {}
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")

    def cold(_time: int) -> None:
        cache.clear()
        stats.dashboard(DAYS, NOW)

    rows = [
        {"what": f"dashboard, cold, of {DailyCount.objects.count():,} counts"} | timed(cold, range(7)),
        {"what": "dashboard, cached"} | timed(lambda _time: stats.dashboard(DAYS, NOW), range(50)),
        {"what": "searches of a query"}
        | timed(lambda _time: list(SearchLog.objects.for_query("query 7")[:50]), range(20)),
    ]
    settings.DASHBOARD_SECTIONS = sections
    return rows


if __name__ == "__main__":
    main()
