"""Pictures of articles as files: drawn once per recipe, kept while the recipe stays the same."""

import hashlib
import json
from collections.abc import Iterable
from concurrent.futures import ProcessPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from multiprocessing import get_context
from pathlib import Path

import numpy as np

from demo.assortment import Article
from demo.drawing.cut import Cut
from demo.drawing.render import HEIGHT, WIDTH, framed, picture
from demo.drawing.shading import Window
from demo.wardrobe import KINDS, materials

# Raise it whenever a drawing changes, so that older pictures are replaced.
EDITION = 4
QUALITY = 82


@dataclass(frozen=True)
class Recipe:
    """Everything that a picture depends on."""

    name: str
    kind: str
    fabric: str
    pattern: str
    wearer: str
    colour: str
    drawing: int
    seed: int
    view: str = "front"

    @property
    def file_name(self) -> str:
        """Changes with the recipe and with EDITION."""
        recipe = json.dumps([EDITION, *self.__dict__.values()])
        return f"{self.name}-{self.view}-{hashlib.sha256(recipe.encode()).hexdigest()[:10]}.webp"


def recipes(article: Article, seed: int) -> tuple[Recipe, ...]:
    """The pictures of an article: its front, and for every second style a closer look."""
    style = article.style
    front = Recipe(
        article.drawing,
        style.kind.name,
        style.fabric,
        style.pattern,
        style.wearer,
        article.colour,
        style.drawing,
        seed,
    )
    if style.drawing % 2:
        return (front,)
    return front, Recipe(**{**front.__dict__, "view": "detail"})


def cut_out(recipe: Recipe) -> Cut:
    """The recipe's drawing, before light and colour."""
    cut = Cut(
        np.random.default_rng([recipe.seed, recipe.drawing, 3]), recipe.colour, recipe.pattern, recipe.wearer
    )
    KINDS[recipe.kind].draw(cut)
    # Styles with the same choices still differ in proportion.
    cut.sketch.proportioned(cut.between(0.94, 1.05), cut.between(0.95, 1.02))
    return cut


@lru_cache(maxsize=2048)
def traits(kind: str, pattern: str, wearer: str, drawing: int, seed: int) -> dict[str, str]:
    """The traits of a style with the word for each; equal for all its colours."""
    return cut_out(Recipe("", kind, "", pattern, wearer, "navy", drawing, seed)).words


def save(recipe: Recipe, folder: Path) -> None:
    """Draw the picture into the folder; a crash leaves no half file under its name."""
    cut = cut_out(recipe)
    main = materials(recipe.fabric, recipe.colour, recipe.pattern, recipe.drawing)
    view = _closer(framed(cut.sketch), standing=cut.sketch.standing) if recipe.view == "detail" else None
    image = picture(cut.sketch, main, seed=recipe.drawing, view=view)
    part = folder / f"{recipe.file_name}.part"
    image.save(part, "WEBP", quality=QUALITY, method=2)
    part.replace(folder / recipe.file_name)


def _closer(view: Window, *, standing: bool) -> Window:
    """A detail: the upper middle of hanging products, the left middle of standing ones."""
    zoom = view.zoom * 2.0
    x, y = (0.40, 0.56) if standing else (0.5, 0.30)
    return Window(
        view.x + WIDTH / view.zoom * x - WIDTH / zoom / 2,
        view.y + HEIGHT / view.zoom * y - HEIGHT / zoom / 2,
        zoom, WIDTH, HEIGHT,
    )  # fmt: skip


def save_all(wanted: Iterable[Recipe], folder: Path, *, workers: int) -> Iterable[Recipe]:
    """Draw the recipes, in separate processes for more than one worker; yields each when it is done."""
    if workers <= 1:
        for recipe in wanted:
            save(recipe, folder)
            yield recipe
        return
    # Spawned, not forked: the calling process may hold threads and an encoder.
    pool = ProcessPoolExecutor(workers, mp_context=get_context("spawn"))
    try:
        todo = list(wanted)
        for recipe, _nothing in zip(
            todo, pool.map(save, todo, [folder] * len(todo), chunksize=4), strict=True
        ):
            yield recipe
    finally:
        pool.shutdown(cancel_futures=True)


def remove_others(folder: Path, keep: set[str]) -> None:
    """Delete pictures, and parts of interrupted ones, that are not in `keep`."""
    for path in folder.iterdir():
        if path.name not in keep and path.suffix in (".webp", ".part"):
            with suppress(FileNotFoundError):
                path.unlink()
