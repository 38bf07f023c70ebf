"""What making a shop leaves in the database and on the disk, kept for the next test that wants the same shop.

Putting it back takes a tenth of the time. Each test gets rows, files and objects of its own.
"""

import pickle
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from django.conf import settings
from django.db import connection, models, transaction

from catalog.models import Product, ProductImage
from search.models import ProductEmbedding

Made = TypeVar("Made")
# In the order in which their rows refer to each other.
MODELS: tuple[type[models.Model], ...] = (Product, ProductImage, ProductEmbedding)


@dataclass(frozen=True)
class Snapshot:
    """The rows as the statements that insert them, a copy of INDEX_ROOT, and what the maker returned."""

    statements: list[tuple[str, tuple]]
    index: Path
    pictures: dict[Path, tuple[int, int]]
    made: bytes

    @property
    def has_pictures(self) -> bool:
        """Whether the files under MEDIA_ROOT, which are shared, are as they were."""
        return all(_state(path) == state for path, state in self.pictures.items())

    def put_back(self):
        with connection.cursor() as cursor:
            for statement, parameters in self.statements:
                cursor.execute(statement, parameters)
        # Not the times of the files: they are written now.
        shutil.copytree(self.index, settings.INDEX_ROOT, copy_function=shutil.copyfile)
        return pickle.loads(self.made)  # noqa: S301 - pickled below


_kept: dict[tuple[str, Path], Snapshot] = {}


def put_back_or_made(name: str, make: Callable[[], Made], folder: Callable[[], Path]) -> Made:
    """What ``make`` returns, which fills the tables of MODELS, INDEX_ROOT and pictures under MEDIA_ROOT.

    It is called for the first test, and for one that has products already. ``folder`` makes an empty
    folder that outlives the test.
    """
    if Path(settings.INDEX_ROOT).exists() or any(model._base_manager.exists() for model in MODELS):
        return make()
    key = (name, Path(settings.MEDIA_ROOT))
    if key in _kept and _kept[key].has_pictures:
        return _kept[key].put_back()
    made = make()
    _kept[key] = _snapshot(made, folder() / "index")
    return made


def _snapshot(made: object, index: Path) -> Snapshot:
    shutil.copytree(settings.INDEX_ROOT, index)
    files = [path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()]
    return Snapshot(_statements(), index, {path: _state(path) for path in files}, pickle.dumps(made))


def _statements() -> list[tuple[str, tuple]]:
    """The statements by which Django inserts the rows that there are, primary keys included."""
    statements = []

    def noting(execute, sql, params, many, context):
        statements.append((sql, params))
        return execute(sql, params, many, context)

    rows = [list(model._base_manager.order_by("pk")) for model in MODELS]
    with transaction.atomic():
        for model in reversed(MODELS):
            model._base_manager.all()._raw_delete(using=connection.alias)
        for model, its_rows in zip(MODELS, rows, strict=True):
            with transaction.atomic(savepoint=False), connection.execute_wrapper(noting):
                model._base_manager.bulk_create(its_rows)
    return statements


def _state(path: Path) -> tuple[int, int] | None:
    try:
        status = path.stat()
    except FileNotFoundError:
        return None
    return status.st_size, status.st_mtime_ns
