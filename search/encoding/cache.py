"""Vectors of queries: the same text or picture is encoded once for all processes.

A fast cache (Redis or local memory) is read before the table ``embedding_cache``. Keys contain the encoder's
fingerprint, so a vector of another model is never found. The table is written after the response: a locked
or read-only database costs a later encoding, never a search.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta

from django.core.cache import caches
from django.db import DatabaseError

from analytics.write_buffer import WriteBuffer, write_at_exit
from search.models import EmbeddingCacheEntry
from search.vectors import Vectors, intact, to_bytes

logger = logging.getLogger(__name__)

LIFETIME = timedelta(hours=24)


def write(entries: Sequence[EmbeddingCacheEntry]) -> None:
    """Upsert entries into the table; of several under one key the last is stored."""
    newest = {entry.content_hash: entry for entry in entries}
    EmbeddingCacheEntry.objects.bulk_create(
        newest.values(),
        update_conflicts=True,
        unique_fields=["content_hash"],
        update_fields=["embedding", "image_id", "created_at", "expires_at"],
    )


write_buffer: WriteBuffer[EmbeddingCacheEntry] = WriteBuffer(write, capacity=1000)
write_at_exit(write_buffer)


class EmbeddingCache:
    """Looks up a vector by content; calls ``encode`` only when neither cache nor table has it."""

    def get(
        self, kind: str, content: str, fingerprint: str, encode: Callable[[], Vectors], *, now: datetime
    ) -> Vectors:
        """The (d,) unit vector of ``content``: a text, or a picture's id.

        ``kind`` is 'text' or 'image'. A vector that is damaged counts as none. Raises what ``encode`` raises.
        """
        key = hashlib.sha256(f"{fingerprint}\0{kind}\0{content}".encode(errors="replace")).hexdigest()
        cached = caches["search"].get(f"embedding:{key}")
        known = cached if isinstance(cached, bytes) else self._from_table(key, now)
        kept = None if known is None else intact(known)
        if kept is not None:
            return kept
        vector = encode()
        image_id = content if kind == EmbeddingCacheEntry.ContentType.IMAGE else ""
        self._keep(
            EmbeddingCacheEntry(
                content_hash=key,
                embedding=to_bytes(vector),
                content_type=kind,
                image_id=image_id,
                created_at=now,
                expires_at=now + LIFETIME,
            )
        )
        return vector

    def forget_images(self, image_ids: Iterable[str]) -> None:
        """Delete the vectors of these pictures, whatever encoder made them.

        Without Redis, another process may hold a copy in its memory for up to an hour.
        """
        write_buffer.flush(1.0)  # a vector that still waits to be written would be written afterwards
        entries = EmbeddingCacheEntry.objects.filter(image_id__in=list(image_ids))
        keys = list(entries.values_list("content_hash", flat=True))
        if keys:
            caches["search"].delete_many([f"embedding:{key}" for key in keys])
            EmbeddingCacheEntry.objects.filter(content_hash__in=keys).delete()

    def _from_table(self, key: str, now: datetime) -> bytes | None:
        try:
            entry = EmbeddingCacheEntry.objects.filter(content_hash=key, expires_at__gt=now).first()
        except DatabaseError as error:
            logger.warning("embedding_cache_unreadable", extra={"reason": str(error)})
            return None
        if entry is None:
            return None
        embedding = bytes(entry.embedding)
        caches["search"].set(f"embedding:{key}", embedding)
        return embedding

    def _keep(self, entry: EmbeddingCacheEntry) -> None:
        caches["search"].set(f"embedding:{entry.content_hash}", entry.embedding)
        write_buffer.put(entry)
