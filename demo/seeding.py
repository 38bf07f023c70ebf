"""Filling a shop with the demo: pictures, catalogue, index, people and visits; each only if missing."""

from __future__ import annotations

import os
import secrets
import shutil
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.core.management.base import OutputWrapper
from django.db import transaction

from catalog.models import Product
from demo.feed import Progress, render_catalogue

if TYPE_CHECKING:
    from datetime import datetime

    from accounts.models import User

SOURCE = "demo"
STAFF = "staff@demo.example"
SHOPPER = "shopper@demo.example"
SEED = 7
MAX_WORKERS = 4
BUNDLED_ENCODER = settings.BASE_DIR / "search" / "encoding" / "bundled"


@dataclass
class Population:
    """What ``populate`` added; passwords by e-mail address, of new people only."""

    visits: int = 0
    favourites: int = 0
    passwords: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Removed:
    """What ``reset`` deleted: rows of the catalogue, and searches."""

    rows: int
    visits: int


def has_shop() -> bool:
    """Whether there are products of another source, or a finished demo."""
    if Product.objects.exclude(source=SOURCE).exists():
        return True
    # The staff user is made last, so a demo that has one is finished.
    return bool(_pointers()) and get_user_model().objects.filter(email=STAFF).exists()


def has_newer_encoder() -> bool:
    """Whether the bundled encoder was replaced since the index was published.

    Compares file times: comparing fingerprints would load the encoder, which takes seconds at every start.
    """
    if settings.CLIP_MODEL != "bundled" or not _pointers():
        return False
    published = max(pointer.stat().st_mtime for pointer in _pointers())
    return any(file.stat().st_mtime > published for file in BUNDLED_ENCODER.iterdir())


def _pointers() -> list[Path]:
    """One for each model that published an index."""
    root = Path(settings.INDEX_ROOT)
    return [*root.glob("CURRENT"), *root.glob("models/*/CURRENT")]


def draw(size: int, *, progress: Progress | None = None) -> Path:
    """Draw the catalogue of ``size`` products into ``DATA_DIR`` and return its feed's path."""
    return render_catalogue(
        settings.DATA_DIR / "demo",
        size=size,
        seed=SEED,
        workers=min(MAX_WORKERS, os.cpu_count() or 1),
        progress=progress,
    )


def sync(feed: Path, *, stdout: OutputWrapper, stderr: OutputWrapper) -> None:
    # Forced: a smaller demo leaves out more than the fifth that a real shop may lose at once.
    call_command("sync", source=SOURCE, file=str(feed), force=True, stdout=stdout, stderr=stderr)


def reindex(*, stdout: OutputWrapper, stderr: OutputWrapper) -> None:
    call_command("reindex", stdout=stdout, stderr=stderr)


def populate(*, now: datetime) -> Population:
    """Add the shopper with favourites, four weeks of visits up to ``now``, and the staff user."""
    # Imported late: it loads the encoder, which takes seconds that a finished demo need not spend.
    from demo.visits import make_favourites, make_visits

    added = Population()
    shopper = _person(SHOPPER, "Demo shopper", added.passwords)
    added.favourites = make_favourites(shopper, now=now)
    added.visits = make_visits(shopper, now=now)
    _person(STAFF, "Demo staff", added.passwords, is_staff=True)
    return added


def _person(email: str, name: str, passwords: dict[str, str], *, is_staff: bool = False) -> User:
    """The person with this address, created with a random password if missing."""
    users = get_user_model().objects
    known: User | None = users.filter(email=email).first()
    if known is not None:
        return known
    passwords[email] = secrets.token_urlsafe(12)
    person: User = users.create_user(
        email, passwords[email], name=name, is_staff=is_staff, is_superuser=is_staff
    )
    return person


def reset(*, now: datetime) -> Removed:
    """Delete the demo's visits, people, products and pictures; what is derived from the catalogue follows."""
    from demo.visits import forget_visits

    visits = forget_visits()
    # One by one, because only the model's delete() removes what they did in the shop themselves.
    for person in get_user_model().objects.filter(email__in=[SHOPPER, STAFF]):
        person.delete()
    with transaction.atomic():
        generation = Product.objects.next_generation(now)
        rows, _by_model = Product.objects.filter(source=SOURCE).delete()
        # Deleted rows state no generation: one that is left does.
        newest = list(Product.objects.order_by("-updated_at").values_list("pk", flat=True)[:1])
        Product.objects.filter(pk__in=newest).update(updated_at=generation)
    shutil.rmtree(settings.DATA_DIR / "demo", ignore_errors=True)
    return Removed(rows, visits)
