"""``python -m bench.looks FOLDER``: draws the looks of some products of the shop as contact sheets.

One picture for each product, itself first, then its pieces with slot, title and reason; and ``pieces.csv``
with a line for each piece, to be judged. The same seed draws the same products of the same catalogue.
"""

from __future__ import annotations

import argparse
import csv
import os
import random
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from PIL import Image, ImageDraw, ImageFont

if TYPE_CHECKING:
    from catalog.models import Product
    from search.looks.complete import Match

TILE, CAPTION = (180, 220), 80
SIZE = (TILE[0], TILE[1] + CAPTION)
# Fields of pieces.csv; the last is for whoever judges.
COLUMNS = ("sheet", "product", "title", "slot", "piece", "piece_title", "reason", "suits")


@dataclass(frozen=True)
class Sheet:
    """One product and what its look holds."""

    number: int
    product: Product
    pieces: Sequence[Match]

    @property
    def name(self) -> str:
        return f"look-{self.number:02}.png"

    def drawn(self) -> Image.Image:
        tiles = [(self.product, self.product.title)]
        tiles += [
            (each.product, f"{each.slot_name}: {each.product.title}\n{each.reason}") for each in self.pieces
        ]
        sheet = Image.new("RGB", (SIZE[0] * len(tiles), SIZE[1]), "white")
        for place, (product, caption) in enumerate(tiles):
            sheet.paste(_tile(product, caption), (place * SIZE[0], 0))
        return sheet

    def rows(self) -> list[tuple[str, ...]]:
        own = (self.name, self.product.product_id, self.product.title)
        return [
            (*own, each.slot, each.product.product_id, each.product.title, each.reason, "")
            for each in self.pieces
        ]


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.looks", description=__doc__)
    parser.add_argument("folder", type=Path, help="where the sheets are written")
    parser.add_argument("--products", type=int, default=40, help="with a look (40)")
    parser.add_argument("--seed", type=int, default=7, help="of the draw (7)")
    options = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

    import django

    django.setup()
    options.folder.mkdir(parents=True, exist_ok=True)
    made, without = sheets(options.products, options.seed)
    with (options.folder / "pieces.csv").open("w", newline="", encoding="utf-8") as file:
        lines = csv.writer(file)
        lines.writerow(COLUMNS)
        for sheet in made:
            sheet.drawn().save(options.folder / sheet.name)
            lines.writerows(sheet.rows())
    pieces = sum(len(sheet.pieces) for sheet in made)
    print(f"{len(made)} looks with {pieces} pieces; {without} products drawn have none.")  # noqa: T201 - for a person


def sheets(count: int, seed: int) -> tuple[list[Sheet], int]:
    """The sheets, and how many products were drawn that have no look."""
    from django.utils import timezone

    from catalog.models import Product
    from search.looks.complete import look_of

    keys = list(Product.objects.active().order_by("product_id").values_list("pk", flat=True))
    random.Random(seed).shuffle(keys)  # noqa: S311 - a sample
    made: list[Sheet] = []
    drawn = 0
    for key in keys:
        if len(made) == count:
            break
        drawn += 1
        product = Product.objects.for_cards().get(pk=key)
        pieces = look_of(product, now=timezone.now()).pieces
        if pieces:
            made.append(Sheet(len(made) + 1, product, pieces))
    return made, drawn - len(made)


def _tile(product: Product, caption: str) -> Image.Image:
    tile = Image.new("RGB", SIZE, "white")
    if product.cover is not None:
        picture = product.cover.open()
        picture.thumbnail((TILE[0] - 8, TILE[1] - 8))
        tile.paste(picture, ((TILE[0] - picture.width) // 2, (TILE[1] - picture.height) // 2))
    lines = [line for part in caption.split("\n") for line in textwrap.wrap(part, 28)]
    text = "\n".join(lines[:6])
    ImageDraw.Draw(tile).multiline_text((4, TILE[1]), text, fill="black", font=ImageFont.load_default(10))
    return tile


if __name__ == "__main__":
    main()
