"""The index store of a host whose versions come from a bucket: the local folder is a cache of it."""

from __future__ import annotations

import logging
import shutil
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings

from catalog.locking import AlreadyRunning, only_one_file
from search.index.manifest import Manifest
from search.index.product_index import ProductIndex
from search.index.storage import fetching
from search.index.storage.bucket import VersionBucket
from search.index.storage.followed import Followed
from search.index.storage.follower import Follower
from search.index.storage.objects import StorageError
from search.index.storage.records import Pointer
from search.index.store import CHECK_SECONDS, REBUILD, IndexMissing, IndexStore
from search.index.version import DamagedVersion

logger = logging.getLogger(__name__)

FETCHING = "fetching-"
# How often to start again in one round, where a version is replaced faster than it is fetched.
FOLLOW_ATTEMPTS = 3
# How long a writer waits for a version that another process is fetching, and how often it looks.
FETCH_WAIT_S, FETCH_POLL_S = 600.0, 0.05


class BucketIndexStore(IndexStore):
    """As ``IndexStore``, with what another host published, and publishing for all hosts.

    Searches read the local folder alone, so they never wait for the bucket. A thread of each serving process
    follows the pointer of the bucket; one process of a host at a time, by the lock file FETCHER, and once a
    second. FOLLOWED holds why that failed, for all of them.
    """

    def __init__(self, root: Path, bucket: VersionBucket) -> None:
        super().__init__(root)
        self.bucket = bucket
        self._followed = Followed(root)
        self._follower = Follower(self.follow_if_due)
        # As this process read it last; while it writes, what its publication replaces.
        self._pointer: Pointer | None = None
        self._is_level = False

    @property
    def storage_problem(self) -> str | None:
        """Why the bucket could not be followed just now, without its name, as visitors may read it."""
        return self._followed.problem

    def prepare(self) -> None:
        if not self._is_level:
            self._follower.wait()

    def current(self) -> ProductIndex:
        if not self._is_level:
            self._follower.start(wait=self._held is None and self.pointed() is None)
        try:
            return super().current()
        except IndexMissing as missing:
            problem = self.storage_problem
            if problem is None and any(self.root.glob(f"{FETCHING}*")):
                problem = "The index is being fetched from object storage."
            if problem is None:
                raise
            raise IndexMissing(problem, "manage.py doctor") from missing

    @contextmanager
    def writing(self, now: datetime) -> Iterator[None]:
        """As ``IndexStore.writing``, from the version that the bucket has now. Raises StorageError too."""
        with super().writing(now):
            if self._is_level:
                yield
                return
            try:
                self._level(now)
                yield
            finally:
                self._is_level = False

    def _level(self, now: datetime) -> None:
        """Bring the local folder to what the bucket publishes, so that it is continued."""
        with self._fetching(now):
            try:
                self._follow()
            except DamagedVersion as damage:
                # A publication repairs it, from the version that is here or from the database.
                logger.warning("index_storage: %s", damage)
            if self._pointer is not None:
                # Placed by a publication that was killed, and never published.
                for name in self.versions():
                    if name != self.pointed() and name > (self._pointer.version or name):
                        shutil.rmtree(self.root / "versions" / name, ignore_errors=True)
            elif (published := self.pointed()) in self.versions():
                self._begin(str(published))
            # From here on the thread of this process must not take over another version.
            self._is_level = True

    def _begin(self, published: str) -> None:
        """A new bucket begins with the version that this host serves, where that is whole."""
        try:
            self.verify(published)
        except DamagedVersion as damage:
            logger.warning("index_storage: Version %s is not published: %s", published, damage)
        else:
            self._publish(published)

    def point(self, name: str) -> None:
        """Publish a version that lies among the local ones. Raises LostRace, StorageError or OSError; the
        version in service then stays, here and in the bucket.
        """
        try:
            with self._fetching(datetime.now(UTC)):
                self._publish(name)
                super().point(name)
        except BaseException:
            shutil.rmtree(self.root / "versions" / name, ignore_errors=True)
            raise

    def _publish(self, name: str) -> None:
        folder = self.root / "versions" / name
        self._pointer = self.bucket.publish(
            folder, self._pointer, kept_count=int(settings.INDEX_KEPT_VERSIONS)
        )

    def prune(self) -> list[str]:
        """As ``IndexStore.prune``, in the bucket as well; what fails there is left to the next time."""
        if self._pointer is not None:
            try:
                self.bucket.prune(self._pointer)
            except (DamagedVersion, StorageError) as error:
                logger.warning("Old versions stay in %s: %s", self.bucket.objects.address, error)
        return super().prune()

    def manifests(self) -> list[Manifest]:
        """Those that the bucket keeps too: what an engine holds of them is of all hosts."""
        try:
            pointer = self.bucket.pointer(self._pointer)
            kept = [self.bucket.record(each).manifest for each in pointer.kept.values()] if pointer else []
        except DamagedVersion as damage:
            raise ValueError(str(damage)) from damage
        if pointer is not None and not pointer.version:
            raise ValueError("The pointer in the bucket cannot be read.")
        return [*super().manifests(), *kept]

    @contextmanager
    def _fetching(self, now: datetime, *, wait: float = FETCH_WAIT_S) -> Iterator[None]:
        """Be the only one of this host that changes its folder for the bucket. Raises AlreadyRunning."""
        give_up_at = time.monotonic() + wait
        with ExitStack() as lock:
            while True:
                try:
                    lock.enter_context(only_one_file(self.root / "FETCHER", "fetch of the index", now=now))
                    break
                except AlreadyRunning:
                    if time.monotonic() >= give_up_at:
                        raise
                    time.sleep(FETCH_POLL_S)
            yield

    def follow_if_due(self) -> float:
        """Follow the bucket unless another process of this host did so just now, or is about to.

        Returns after how many seconds to look again.
        """
        try:
            with self._fetching(datetime.now(UTC), wait=0):
                if not self._is_level and self._followed.is_due:
                    return self.follow()
        except AlreadyRunning:
            pass
        return CHECK_SECONDS

    def follow(self) -> float:
        """As ``follow_if_due``, now. The caller is the only one that changes the folder for the bucket."""
        failure: Exception | None = None
        try:
            self._follow()
        except (StorageError, DamagedVersion, OSError) as error:
            failure = error
        return self._followed.note(failure, self.bucket.objects.address)

    def _follow(self) -> None:
        """Serve what the bucket points to. Raises DamagedVersion, StorageError, or OSError of the disk."""
        for _attempt in range(FOLLOW_ATTEMPTS):
            pointer = self._pointer = self.bucket.pointer(self._pointer)
            try:
                self._follow_pointer()
            except DamagedVersion:
                if not self._is_overtaken(pointer):
                    raise
                # It was replaced and pruned while it was fetched: nothing is damaged.
            else:
                return

    def _follow_pointer(self) -> None:
        if self._pointer is None:
            return
        wanted = self._pointer.version
        if not wanted:
            address = self.bucket.objects.address
            raise DamagedVersion(f"The index pointer in {address} names no version. Run `{REBUILD}`.")
        if self.pointed() == wanted and fetching.is_whole(self.root / "versions" / wanted):
            return
        try:
            self._serve(wanted)
        except DamagedVersion as error:
            if not self.versions() and not self._is_overtaken(self._pointer):
                self._serve_another(self._pointer)
            raise DamagedVersion(
                f"Index version {wanted} cannot be fetched ({error}). Run `{REBUILD}`."
            ) from error

    def _is_overtaken(self, pointer: Pointer | None) -> bool:
        return self.bucket.pointer(pointer) is not pointer

    def _serve_another(self, pointer: Pointer) -> None:
        """On a new host, the newest version that can be fetched instead of the published one."""
        for name in sorted(pointer.kept, reverse=True):
            if name != pointer.version:
                try:
                    self._serve(name)
                except (DamagedVersion, StorageError) as error:
                    logger.warning("Index version %s cannot be fetched: %s", name, error)
                else:
                    return

    def _serve(self, name: str) -> None:
        """Fetch a version that the pointer names, where it is not whole here, and point to it locally."""
        assert self._pointer is not None  # noqa: S101 - the caller read it
        placed = self.root / "versions" / name
        record = self.bucket.record(self._pointer.kept[name])
        if not fetching.is_version(placed, record):
            local: dict[fetching.FileId, Path] = {}
            for version in self.versions():
                local |= fetching.untouched_files(self.root / "versions" / version)
            folder = fetching.take_over(self.root, FETCHING, name)
            fetching.complete(folder, record, self.bucket.objects, local)
            shutil.rmtree(placed, ignore_errors=True)
            self.place(folder, name)
        super().point(name)
        super().prune()
        self.expire()
