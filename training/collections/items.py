"""The two collections of training pictures, read in place, and which of their pictures are held out."""

import csv
from dataclasses import dataclass
from pathlib import Path

from search.evaluation.held_out import is_held_out


@dataclass(frozen=True)
class Item:
    """One picture with the labels of its collection; a photo has a kind only."""

    path: Path
    source: str
    kind: str
    title: str = ""
    colour: str = ""
    gender: str = ""
    usage: str = ""

    @property
    def has_plain_ground(self) -> bool:
        """Whether the garment can be cut out: all but photos taken at home."""
        return self.source != "clothing"

    @property
    def is_held_out(self) -> bool:
        return is_held_out(self.path.stem)


def read_fashion(folder: Path) -> list[Item]:
    """Product shots with titles and attributes, from `products.csv` in `folder`."""
    with (folder / "products.csv").open(newline="", encoding="utf-8") as file:
        return [
            Item(
                path=folder / row["image"],
                source="fashion",
                kind=row["article_type"],
                title=row["title"],
                colour=row["colour"],
                gender=row["gender"],
                usage=row["usage"],
            )
            for row in csv.DictReader(file)
        ]


def read_clothing(folder: Path) -> list[Item]:
    """Photos of clothes at home, one folder per kind."""
    paths = sorted(path for path in folder.glob("*/*") if path.is_file())
    return [Item(path=path, source="clothing", kind=path.parent.name) for path in paths]
