"""The pictures of a shop with their labels: a products.csv, or one folder of photos for each kind."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from PIL import Image

from catalog.pictures.decoding import InvalidImage, open_image
from search.evaluation.catalogues import TYPE_NAMES, NothingToMeasure
from search.evaluation.held_out import is_held_out

PRODUCTS_FILE, KINDS_FILE = "products.csv", "kinds.csv"
_PICTURES = (".jpg", ".jpeg", ".png", ".webp", ".avif")
# Smaller than any picture a shop shows, larger than any encoder's input.
LONGEST_SIDE = 512


@dataclass(frozen=True)
class ShopPicture:
    """One picture; a label is "" where it is not known, ``worn`` None."""

    path: Path
    kind: str
    title: str = ""
    colour: str = ""
    worn: bool | None = None

    def open(self) -> Image.Image | None:
        """The picture at up to LONGEST_SIDE; None where it cannot be read."""
        try:
            image = open_image(self.path.read_bytes(), at_least=LONGEST_SIDE)
        except (OSError, InvalidImage):
            return None
        image.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Image.Resampling.BICUBIC)
        return image


def read_shop(folder: Path, *, held_out: bool = False) -> list[ShopPicture]:
    """The pictures of ``folder``; with ``held_out`` only those that the bundled encoder was not trained on.

    A file kinds.csv in the folder or beside it (id, kind, and perhaps base_colour, worn and source) replaces
    the shop's own labels, which differ from shop to shop. Raises NothingToMeasure where nothing can be read.
    """
    found = list(_of_products(folder) if (folder / PRODUCTS_FILE).is_file() else _of_folders(folder))
    if held_out:
        found = [(key, picture) for key, picture in found if is_held_out(key)]
    if not found:
        raise NothingToMeasure(f"{folder} has neither a file {PRODUCTS_FILE} nor folders of pictures.")
    return [picture for _key, picture in found]


def _of_folders(folder: Path) -> Iterator[tuple[str, ShopPicture]]:
    paths = sorted(path for path in folder.glob("*/*") if path.suffix.lower() in _PICTURES)
    return ((path.stem, ShopPicture(path, path.parent.name)) for path in paths)


def _of_products(folder: Path) -> Iterator[tuple[str, ShopPicture]]:
    labels = _labels(folder)
    for row in _rows(folder / PRODUCTS_FILE):
        # Where labels are given, a product without any has no kind that could be measured.
        known = labels.get(row.get("id", ""), {}) if labels else row
        kind = known.get("kind") or next((known[name] for name in TYPE_NAMES if known.get(name)), "")
        yield (
            row.get("id", ""),
            ShopPicture(
                path=folder / row["image"],
                kind=kind or ("" if labels else _last_step(row.get("category", ""))),
                title=row.get("title", ""),
                colour=known.get("base_colour") or known.get("colour") or "",
                worn={"yes": True, "no": False}.get((known.get("worn") or row.get("worn") or "").lower()),
            ),
        )


def _last_step(category: str) -> str:
    return category.rpartition(">")[2].strip()


def kinds_file(folder: Path) -> Path | None:
    """The labels of a shop, in its folder or beside it."""
    return next((f for f in (folder / KINDS_FILE, folder.parent / KINDS_FILE) if f.is_file()), None)


def _labels(folder: Path) -> dict[str, dict[str, str]]:
    file = kinds_file(folder)
    if file is None:
        return {}
    name = folder.resolve().name
    return {row.get("id", ""): row for row in _rows(file) if row.get("source", name) == name}


def _rows(file: Path) -> list[dict[str, str]]:
    """Raises NothingToMeasure for a file that cannot be read or lacks a column."""
    try:
        with file.open(newline="", encoding="utf-8-sig") as opened:
            rows = list(csv.DictReader(opened, restval=""))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise NothingToMeasure(f"{file} cannot be read as CSV: {error}") from error
    if file.name == PRODUCTS_FILE and rows and "image" not in rows[0]:
        raise NothingToMeasure(f"{file} needs the column image.")
    return rows
