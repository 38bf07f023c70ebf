"""What one sync saw and changed."""

from __future__ import annotations

from dataclasses import dataclass, field

from catalog.sources.base import Rejected
from catalog.syncing.changes import Outcome

# They are stored with the run; a wholly broken feed would store every row.
KEPT_REJECTIONS = 100

_COUNTS = [
    "seen",
    "created",
    "updated",
    "unchanged",
    "deactivated",
    "rejected",
    "pictures",
    "picture_problems",
    "seconds",
]


@dataclass
class SyncReport:
    """The counts of a run. ``problem`` is "" on success, else a sentence; the work counted is kept.

    seen = created + updated + unchanged + rejected. ``rejections`` holds the first 100.
    """

    source: str
    dry_run: bool = False
    seen: int = 0
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    deactivated: int = 0
    rejected: int = 0
    pictures: int = 0
    picture_problems: int = 0
    seconds: float = 0.0
    problem: str = ""
    # Whether running again as things stand is pointless.
    permanent: bool = False
    rejections: list[Rejected] = field(default_factory=list)

    @property
    def changed(self) -> int:
        return self.created + self.updated + self.deactivated

    def counts(self) -> dict[str, int | float]:
        return {name: getattr(self, name) for name in _COUNTS}

    def reject(self, row: Rejected) -> None:
        self.rejected += 1
        if len(self.rejections) < KEPT_REJECTIONS:
            self.rejections.append(row)

    def add(self, outcome: Outcome) -> None:
        """Count a batch, except its rejected rows."""
        self.created += outcome.created
        self.updated += outcome.updated
        self.unchanged += outcome.unchanged
        self.pictures += outcome.kept
        self.picture_problems += outcome.failed

    def __str__(self) -> str:
        would = "would be " if self.dry_run else ""
        return (
            f"{self.source}: {self.seen:,} seen, {self.changed:,} {would}changed ({self.created:,} new, "
            f"{self.updated:,} updated, {self.deactivated:,} deactivated), {self.unchanged:,} unchanged, "
            f"{self.rejected:,} rejected; {self.pictures:,} pictures fetched, "
            f"{self.picture_problems:,} unreadable; {self.seconds:.1f} s"
        )
