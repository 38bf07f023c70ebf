"""One collection: the rows of one base, written once and never changed."""

from __future__ import annotations

import math
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
from django.utils.translation import gettext as _

from search.index.engines.milvus.connection import ANSWER_SECONDS, BUILD_SECONDS, READ_SECONDS, milvus
from search.index.engines.not_ready import NotReady
from search.index.validation import InvalidVectors
from search.vectors import Keys, Rows, Vectors

# The server's own limit on the results of one search, and on the rows of one query.
MOST_RESULTS = 16_384
# Vectors asked for at once, and bytes written at once: the server takes messages of up to 64 MB.
READ_AT_ONCE, BYTES_AT_ONCE = 4096, 16 * 1024 * 1024
# A row is never changed, so that a search need not wait for the server's clock, which takes 200 ms. A new
# base is published once such a search finds all of it.
LEVEL = "Bounded"
POLL_SECONDS = 0.2
# A server that is started anew takes longer than this and a read together.
CHECK_SECONDS = 1.0
# No inner product of unit vectors lies below it.
LOWEST = -2.0

FINGERPRINT, COUNT = "tandem.fingerprint", "tandem.count"


class Collection:
    """`count` rows of unit vectors, by row number; their products are for people who look at the server.

    No read is answered by a part of the rows: a server that was killed may come back while it still loads
    them, so they are counted before a read, unless that was done within CHECK_SECONDS.
    """

    def __init__(self, name: str, count: int) -> None:
        self.name = name
        self._count = count
        self._whole_at = -math.inf

    def create(
        self, keys: Keys, vectors: Vectors, *, fingerprint: str, index: str, params: dict[str, int]
    ) -> None:
        """Write all rows, and return when they are on the server's disk and every search finds them.

        Raises NotReady; what was written by then is no collection of a version.
        """
        dimension = vectors.shape[1]
        properties = {FINGERPRINT: fingerprint, COUNT: str(self._count)}
        with milvus() as client:
            client.create_collection(self.name, schema=_schema(client, dimension), properties=properties)
            step = max(1, BYTES_AT_ONCE // (4 * dimension))
            for start in range(0, self._count, step):
                rows = range(start, min(start + step, self._count))
                client.insert(
                    self.name,
                    [{"row": row, "key": int(keys[row]), "vector": vectors[row]} for row in rows],
                    timeout=BUILD_SECONDS,
                )
            client.flush(self.name, timeout=BUILD_SECONDS)
            wanted = client.prepare_index_params()
            wanted.add_index("vector", index_type=index, metric_type="IP", params=params)
            client.create_index(self.name, wanted, timeout=BUILD_SECONDS)
            client.load_collection(self.name, timeout=BUILD_SECONDS)
        self._await()

    def _await(self) -> None:
        give_up_at = time.monotonic() + BUILD_SECONDS
        while {*(counts := (self.counted(), self._flushed()))} != {self._count}:
            # The client repeats an insert whose answer it did not get: then rows are there twice for good.
            if max(counts) > self._count or time.monotonic() > give_up_at:
                raise _incomplete()
            time.sleep(POLL_SECONDS)

    def _flushed(self) -> int:
        """How many rows are on the server's disk, and not only in its log."""
        with milvus() as client:
            return int(client.get_collection_stats(self.name, timeout=ANSWER_SECONDS)["row_count"])

    def check(self, *, fingerprint: str) -> None:
        """Raises InvalidVectors where it is not what was published, NotReady where it cannot be told."""
        with milvus() as client:
            if not client.has_collection(self.name, timeout=ANSWER_SECONDS):
                raise InvalidVectors("its collection is not in Milvus")
            said = client.describe_collection(self.name, timeout=ANSWER_SECONDS)["properties"]
        if (said.get(FINGERPRINT), said.get(COUNT)) != (fingerprint, str(self._count)):
            raise InvalidVectors("its collection in Milvus is that of another version")
        self.ping()

    def ping(self) -> None:
        """Raises NotReady unless all rows are found now."""
        self._whole_at = -math.inf
        self._check_whole()

    def _check_whole(self) -> None:
        if time.monotonic() - self._whole_at < CHECK_SECONDS:
            return
        try:
            found = self.counted()
        except NotReady:
            self._ask_to_load()
            raise
        if found != self._count:
            raise _incomplete()
        self._whole_at = time.monotonic()

    def _ask_to_load(self) -> None:
        """A server may come back without the collection in memory; loading is not waited for."""
        with milvus() as client:
            state = client.get_load_state(self.name, timeout=ANSWER_SECONDS)["state"]
            if state.name == "NotLoad":
                client.load_collection(self.name, timeout=ANSWER_SECONDS, _async=True)

    @contextmanager
    def _reading(self) -> Iterator[Any]:
        """The client, for a read of a collection that is whole."""
        self._check_whole()
        try:
            with milvus() as client:
                yield client
        except NotReady:
            # Whatever it was, the server may be another process by the next read.
            self._whole_at = -math.inf
            raise

    def counted(self) -> int:
        """How many rows a search sees. Raises NotReady."""
        with milvus() as client:
            found = client.query(
                self.name,
                "",
                output_fields=["count(*)"],
                consistency_level=LEVEL,
                timeout=ANSWER_SECONDS,
            )
        return int(found[0]["count(*)"])

    def nearest(
        self,
        query: Vectors,
        limit: int,
        *,
        above: float,
        upto: float | None = None,
        rows: Rows | None = None,
        nprobe: int = 0,
    ) -> tuple[Rows, Vectors]:
        """The `limit` rows nearest to `query` (d,) whose cosine lies above one bound and at most at the
        other, among `rows` where they are given; best first, with their cosines. Raises NotReady.
        """
        params: dict[str, float] = {"nprobe": nprobe} if nprobe else {}
        if above > LOWEST or upto is not None:
            params["radius"] = max(above, LOWEST)
        if upto is not None:
            params["range_filter"] = upto
        with self._reading() as client:
            (found,) = client.search(
                self.name,
                [query],
                limit=limit,
                filter="" if rows is None else _among(rows),
                search_params={"metric_type": "IP", "params": params},
                consistency_level=LEVEL,
                timeout=ANSWER_SECONDS,
            )
        return np.array(found.ids, np.int64), np.array(found.distances, np.float32)

    def vectors(self, rows: Rows, dimension: int) -> Vectors:
        """(m, d) of distinct rows, in their order. Raises NotReady."""
        found = np.empty((len(rows), dimension), np.float32)
        for start in range(0, len(rows), READ_AT_ONCE):
            block = rows[start : start + READ_AT_ONCE]
            place = {row: start + number for number, row in enumerate(block.tolist())}
            for each in self._read(block):
                found[place.pop(each["row"])] = each["vector"]
            if place:
                raise _incomplete()
        return found

    def _read(self, rows: Rows) -> Any:
        with self._reading() as client:
            return client.query(
                self.name,
                _among(rows),
                output_fields=["row", "vector"],
                consistency_level=LEVEL,
                timeout=READ_SECONDS,
            )


def drop(name: str) -> None:
    """Delete a collection, where it is there. Raises NotReady."""
    with milvus() as client:
        if client.has_collection(name, timeout=ANSWER_SECONDS):
            client.drop_collection(name, timeout=BUILD_SECONDS)


def _schema(client: Any, dimension: int) -> Any:
    from pymilvus import DataType

    schema = client.create_schema(auto_id=False)
    schema.add_field("row", DataType.INT64, is_primary=True)
    schema.add_field("key", DataType.INT64)
    schema.add_field("vector", DataType.FLOAT_VECTOR, dim=dimension)
    return schema


def _among(rows: Rows) -> str:
    return f"row in {rows.tolist()}"


def _incomplete() -> NotReady:
    return NotReady(
        _("Milvus does not find all vectors of the index, which passes if it just started."),
        "manage.py reindex --force",
    )
