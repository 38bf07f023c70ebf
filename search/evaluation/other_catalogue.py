"""Another shop's catalogue, measured in an index of its own that is deleted afterwards."""

from __future__ import annotations

import csv
import os
import subprocess  # nosec B404 - one process of its own for each database
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from django.conf import settings

from catalog.models import Product
from search.engine import IndexSnapshot
from search.evaluation.catalogues import NothingToMeasure
from search.evaluation.pictures.shop import PRODUCTS_FILE, kinds_file
from search.evaluation.queries import LabelledProduct


def measured(folder: Path, arguments: Sequence[str]) -> str:
    """Sync and index ``folder``/products.csv in a temporary DATA_DIR; the output of an evaluation there.

    The kinds of a file kinds.csv in the folder or beside it are used as labels. Raises NothingToMeasure.
    """
    if not (folder / PRODUCTS_FILE).is_file():
        raise NothingToMeasure(f"{folder} has no file {PRODUCTS_FILE}.")
    kinds = kinds_file(folder)
    labels = ["--kinds", str(kinds), "--kinds-of", folder.resolve().name] if kinds else []
    with tempfile.TemporaryDirectory() as data:
        _run(data, "migrate", "--verbosity", "0")
        _run(data, "sync", "--file", str(folder.resolve() / PRODUCTS_FILE))
        _run(data, "reindex")
        return _run(data, "evaluate", *labels, *arguments)


def _run(data: str, *arguments: str) -> str:
    command = [sys.executable, str(settings.BASE_DIR / "manage.py"), *arguments]
    # A database, a cache and files of its own, whatever this shop uses.
    own = {"DATA_DIR": data, "DATABASE_URL": "", "REDIS_URL": "", "SECRET_KEY": settings.SECRET_KEY}
    done = subprocess.run(  # noqa: S603 - this project's own command  # nosec B603
        command, env=os.environ | own, stdout=subprocess.PIPE, encoding="utf-8", check=False
    )
    if done.returncode:
        raise NothingToMeasure(f"`manage.py {arguments[0]}` failed on this catalogue.")
    return done.stdout


def relabelled(
    products: Sequence[LabelledProduct], snapshot: IndexSnapshot, kinds: Mapping[str, tuple[str, str]]
) -> list[LabelledProduct]:
    """The products with other labels: ``kinds`` maps an external id to (kind, colour)."""
    ids = dict(Product.objects.active().values_list("pk", "external_id"))
    found = []
    for product, key in zip(products, snapshot.columns.keys, strict=True):
        kind, colour = kinds.get(ids.get(int(key), ""), ("", ""))
        found.append(replace(product, kind=kind, colour=colour or product.colour))
    return found


def read_kinds(file: Path, source: str) -> dict[str, tuple[str, str]]:
    """External id -> (kind, colour) from a CSV file with columns id, kind and perhaps base_colour and source.

    Raises NothingToMeasure for a file that cannot be read.
    """
    try:
        with file.open(newline="", encoding="utf-8-sig") as opened:
            rows = list(csv.DictReader(opened))
        return {
            row["id"]: (row["kind"], row.get("base_colour") or "")
            for row in rows
            if row.get("source", source) == source
        }
    except (OSError, UnicodeDecodeError, csv.Error, KeyError) as error:
        reason = f"it has no column {error}" if isinstance(error, KeyError) else str(error)
        raise NothingToMeasure(f"{file} cannot be read as kinds: {reason}.") from error
