"""What one sync saw and changed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from django.template.defaultfilters import pluralize
from django.utils.translation import gettext_lazy as _

from catalog.sources.base import Rejected, Skipped, SourceProduct
from catalog.syncing.changes import Outcome
from catalog.syncing.following import PictureOutcome

# They are stored with the run; a wholly broken feed would store every row.
KEPT_REJECTIONS = 100

# What a run counts, and what each is called for staff.
COUNTS = {
    "seen": _("seen"),
    "created": _("new"),
    "updated": _("updated"),
    "unchanged": _("unchanged"),
    "deactivated": _("deactivated"),
    "rejected": _("rejected"),
    "skipped": _("skipped"),
    "held_back": _("held back"),
    "pictures": _("pictures fetched"),
    "picture_problems": _("pictures unreadable"),
    "pictures_left": _("pictures left for later"),
    "seconds": _("seconds"),
    "without_price": _("without price"),
    "without_picture": _("without picture"),
    "without_colour": _("without colour"),
    "without_category": _("without category"),
}
# What a shopper misses where a product lacks it.
_WANTED = ("price", "picture", "colour", "category")


@dataclass
class SyncReport:
    """The counts of a run. ``problem`` is "" on success, else a sentence; the work counted is kept.

    seen = created + updated + unchanged + rejected + skipped. ``rejections`` holds the first 100, ``notes``
    are sentences about the source as a whole.
    """

    source: str
    dry_run: bool = False
    seen: int = 0
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    deactivated: int = 0
    rejected: int = 0
    skipped: int = 0
    held_back: int = 0
    pictures: int = 0
    picture_problems: int = 0
    pictures_left: int = 0
    seconds: float = 0.0
    problem: str = ""
    # Whether running again as things stand is pointless.
    permanent: bool = False
    rejections: list[Rejected] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    reasons: Counter[str] = field(default_factory=Counter)
    # Before and now, of products that changed theirs; and those that prices are stated in.
    currencies: Counter[tuple[str, str]] = field(default_factory=Counter)
    stated_currencies: Counter[str] = field(default_factory=Counter)
    lacking: Counter[str] = field(default_factory=Counter)

    @property
    def changed(self) -> int:
        return self.created + self.updated + self.deactivated

    @property
    def accepted(self) -> int:
        return self.created + self.updated + self.unchanged

    def counts(self) -> dict[str, int | float]:
        lacking = {f"without_{name}": self.lacking[name] for name in _WANTED if self.lacking[name]}
        always = (name for name in COUNTS if not name.startswith("without_"))
        return {**{name: getattr(self, name) for name in always}, **lacking}

    def reject(self, row: Rejected) -> None:
        self.rejected += 1
        if len(self.rejections) < KEPT_REJECTIONS:
            self.rejections.append(row)

    def skip(self, row: Skipped) -> None:
        self.skipped += 1
        self.reasons[row.reason] += 1

    def look_at(self, products: Sequence[SourceProduct]) -> None:
        """Count what these products lack, and the currencies of their prices."""
        self.stated_currencies.update(each.currency for each in products if each.price is not None)
        for product in products:
            lacks = (product.price is None, not product.images, not product.colour, not product.category)
            self.lacking.update(name for name, missing in zip(_WANTED, lacks, strict=True) if missing)

    def add(self, outcome: Outcome) -> None:
        """Count a batch, except its rejected rows."""
        self.created += outcome.created
        self.updated += outcome.updated
        self.unchanged += outcome.unchanged
        self.currencies += outcome.currencies

    def add_pictures(self, outcome: PictureOutcome) -> None:
        """Take over the counts of the pictures."""
        self.pictures, self.picture_problems = outcome.kept, outcome.failed
        self.pictures_left = outcome.left + outcome.waiting

    def observe(self) -> None:
        """Note what the counts tell, once every row was seen."""
        for (before, now), count in self.currencies.items():
            self.notes.append(f"The currency of {count:,} products changed from {before} to {now}.")
        if len(self.stated_currencies) > 1:
            stated = ", ".join(f"{count:,} {name}" for name, count in self.stated_currencies.most_common())
            self.notes.append(
                f"Prices are stated in several currencies: {stated}. "
                "Shoppers' limits and orders of prices compare the amounts as they are."
            )
        if self.reasons:
            reasons = ", ".join(f"{count:,} {reason}" for reason, count in self.reasons.most_common())
            self.notes.append(f"{self.skipped:,} skipped, since the shop does not show them: {reasons}.")
        total = self.accepted
        missing = [f"{self.lacking[name]:,} {name}" for name in _WANTED if self.lacking[name]]
        if missing and total:
            self.notes.append(f"Of {total:,} products, these lack a field: {', '.join(missing)}.")

    def nothing_accepted(self) -> str:
        """Why a crawl of some rows gave no product."""
        first = f" The first: {self.rejections[0]}." if self.rejections else ""
        reasons = ", ".join(f"{count:,} {reason}" for reason, count in self.reasons.most_common(5))
        shown = f" The shop does not show {self.skipped:,}: {reasons}." if reasons else ""
        none = f"None of the {self.seen:,} rows became a product: {self.rejected:,} were rejected."
        return f"{none}{first}{shown}"

    def __str__(self) -> str:
        would = "would be " if self.dry_run else ""
        skipped = f", {self.skipped:,} skipped" if self.skipped else ""
        left = f", {self.pictures_left:,} left for later" if self.pictures_left else ""
        return (
            f"{self.source}: {self.seen:,} seen, {self.changed:,} {would}changed ({self.created:,} new, "
            f"{self.updated:,} updated, {self.deactivated:,} deactivated), {self.unchanged:,} unchanged, "
            f"{self.rejected:,} rejected{skipped}; "
            f"{self.pictures:,} picture{pluralize(self.pictures)} fetched, "
            f"{self.picture_problems:,} unreadable{left}; {self.seconds:.1f} s"
        )
