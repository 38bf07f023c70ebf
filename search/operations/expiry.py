"""Deletes what shoppers searched with once it is a day old."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path, PurePosixPath

from django.conf import settings
from django.core.files.storage import default_storage
from django.db import DatabaseError, connections
from django.template.defaultfilters import pluralize
from django.utils import timezone

from accounts.sign_in import attempts
from analytics.events.learning import learn_if_due
from analytics.sessions import forgetting
from catalog.pictures.place import picture_bucket
from catalog.pictures.pruning import sweep_parts
from catalog.writing import ledger
from search import images
from search.alerts import running
from search.models import EmbeddingCacheEntry, QueryImage
from search.operations.deletion import delete_pictures

logger = logging.getLogger(__name__)

INTERVAL_SECONDS = 3600.0
# An upload writes its row a moment before its file.
_ROW_GRACE = timedelta(hours=1)
# Rows looked up at once.
_BATCH = 500

_stop = threading.Event()


@dataclass(frozen=True)
class PruneReport:
    """How many entries were deleted."""

    vectors: int
    pictures: int
    # Files without a row.
    files: int = 0

    def __str__(self) -> str:
        stray = f" {self.files} file{pluralize(self.files)} without a row deleted." if self.files else ""
        return (
            f"{self.vectors} query vector{pluralize(self.vectors)} and "
            f"{self.pictures} picture{pluralize(self.pictures)} forgotten.{stray}"
        )


def prune_expired(now: datetime) -> PruneReport:
    """Delete cached query vectors, and shoppers' pictures with their files, that expired by `now`.

    Deletes as well: wrong sign-ins that lock nobody out any more, bulk calls that nobody may repeat any more,
    rows whose file is gone, files of a day and more that have no row, and half-written files, as a process
    that was killed or a read-only database leaves them. Cuts sessions whose time is over from their visitors.
    """
    vectors, _by_model = EmbeddingCacheEntry.objects.filter(expires_at__lte=now).delete()
    expired = QueryImage.objects.filter(expires_at__lte=now).values_list("pk", flat=True)
    pictures = delete_pictures([*expired, *_rows_without_file(now)])
    sweep_parts()
    attempts.prune(now)
    ledger.prune(now)
    forgetting.expire(now)
    return PruneReport(vectors, pictures, _delete_stray_files(now))


def in_background() -> threading.Thread:
    """Prune in a new thread: once, and every hour where no task queue does it."""
    thread = threading.Thread(target=prune_hourly, name="prune-expired", daemon=True)
    thread.start()
    return thread


def prune_hourly(*, stopped_after: Callable[[float], bool] = _stop.wait) -> None:
    """Prune at once, and again after each wait until ``stopped_after(seconds)`` says True; once a day, learn
    from events.

    With Redis, Celery beat runs the task of the same name, so once is enough.
    """
    while True:
        try:
            logger.info("prune_expired: %s", prune_expired(timezone.now()))
            # Where a task queue does it, it does so at times of its own.
            if settings.CELERY_TASK_ALWAYS_EAGER:
                logger.info("send_alerts: %s", running.run(timezone.now))
                if learned := learn_if_due(now=timezone.now()):
                    logger.info("learn_from_events: %s", learned)
        except (DatabaseError, OSError) as error:
            logger.warning("prune_failed", extra={"reason": str(error)})
        finally:
            # Connections belong to their thread, and this one sleeps or ends.
            connections.close_all()
        if not settings.CELERY_TASK_ALWAYS_EAGER or stopped_after(INTERVAL_SECONDS):
            return


def _rows_without_file(now: datetime) -> list[str]:
    rows = QueryImage.objects.filter(created_at__lte=now - _ROW_GRACE).values_list("pk", "picture")
    return [image_id for image_id, name in rows.iterator() if not default_storage.exists(name)]


def _delete_stray_files(now: datetime) -> int:
    # The files before the rows: a picture that is uploaded in between has a younger file.
    old = list(_files_written_before((now - images.LIFETIME).timestamp()))
    deleted = 0
    for start in range(0, len(old), _BATCH):
        batch = old[start : start + _BATCH]
        rows = QueryImage.objects.filter(pk__in=[PurePosixPath(name).stem for name in batch])
        named = set(rows.values_list("pk", flat=True))
        for name in batch:
            if PurePosixPath(name).stem not in named:
                default_storage.delete(name)
                deleted += 1
    return deleted


def _files_written_before(moment: float) -> Iterator[str]:
    """Names of query pictures last written before ``moment``, in seconds since the epoch."""
    if bucket := picture_bucket():
        yield from bucket.written_before(f"{images.FOLDER}/", moment)
        return
    root: Path = settings.MEDIA_ROOT / images.FOLDER
    for file in root.glob("*/*"):
        try:
            if file.stat().st_mtime <= moment:
                yield file.relative_to(settings.MEDIA_ROOT).as_posix()
        except FileNotFoundError:  # another process prunes as well
            continue
