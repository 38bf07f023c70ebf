"""The demo shop's product feed: Google Merchant attributes in RSS 2.0, pictures beside it."""

from collections.abc import Callable, Iterator
from pathlib import Path
from xml.sax.saxutils import escape  # nosec B406

from demo.assortment import Article, articles
from demo.copywriting import Copy, written
from demo.drawing.pictures import Recipe, recipes, remove_others, save_all, traits

FEED_NAME = "feed.xml"
IMAGES = "images"
LARGEST = 100_000
Progress = Callable[[int, int], None]

_HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<rss version="2.0" xmlns:g="http://base.google.com/ns/1.0">\n<channel>\n'
    "<title>Tandem demo shop</title>\n<link>https://shop.example/</link>\n"
    "<description>Invented products, drawn by the shop itself.</description>\n"
)
_FOOT = "</channel>\n</rss>\n"


def render_catalogue(
    folder: Path, *, size: int = 600, seed: int = 7, workers: int = 1, progress: Progress | None = None
) -> Path:
    """Draw the demo shop into the folder and return its feed's path.

    Equal size and seed give the same bytes. Pictures with an unchanged recipe are kept, so a second call is
    quick and an interrupted one can be repeated. Above about 1,200 products, products share pictures (see
    assortment.DRAWN_ROUNDS).

    size: 1 to 100,000 products; workers: processes that draw; progress: called with the number of pictures
    done and of all. Raises ValueError for another size and OSError where the folder cannot be written.
    """
    if not 1 <= size <= LARGEST:
        raise ValueError(f"The demo shop holds 1 to {LARGEST:,} products, not {size:,}.")
    images = folder / IMAGES
    images.mkdir(parents=True, exist_ok=True)
    wanted: dict[str, Recipe] = {}
    for article in articles(size, seed):
        wanted.update((recipe.file_name, recipe) for recipe in recipes(article, seed))
    _draw_missing(wanted, images, workers, progress)
    feed = _write_feed(folder, size, seed)
    remove_others(images, set(wanted))
    return feed


def _draw_missing(wanted: dict[str, Recipe], images: Path, workers: int, progress: Progress | None) -> None:
    existing = {path.name for path in images.iterdir()}
    missing = [recipe for name, recipe in wanted.items() if name not in existing]
    done = len(wanted) - len(missing)
    for _recipe in save_all(missing, images, workers=workers):
        done += 1
        if progress:
            progress(done, len(wanted))


def _write_feed(folder: Path, size: int, seed: int) -> Path:
    feed = folder / FEED_NAME
    part = feed.with_suffix(".part")
    with part.open("w", encoding="utf-8", newline="\n") as file:
        file.write(_HEAD)
        for article in articles(size, seed):
            file.write(_item(article, seed))
        file.write(_FOOT)
    part.replace(feed)
    return feed


def _item(article: Article, seed: int) -> str:
    style = article.style
    words = traits(style.kind.name, style.pattern, style.wearer, style.drawing, seed)
    lines = "".join(
        f"  <{name}>{escape(value)}</{name}>\n"
        for name, value in _fields(article, written(article, words, seed), seed)
    )
    return f"<item>\n{lines}</item>\n"


def _fields(article: Article, copy: Copy, seed: int) -> Iterator[tuple[str, str]]:
    style = article.style
    first, *more = (f"{IMAGES}/{recipe.file_name}" for recipe in recipes(article, seed))
    yield "g:id", article.key
    yield "title", copy.title
    yield "description", copy.description
    yield "link", f"https://shop.example/products/{article.key}"
    yield "g:image_link", first
    for image in more:
        yield "g:additional_image_link", image
    yield "g:availability", "in_stock" if copy.quantity else "out_of_stock"
    yield "g:quantity", str(copy.quantity)
    yield "g:price", f"{copy.price} EUR"
    if copy.sale_price is not None:
        yield "g:sale_price", f"{copy.sale_price} EUR"
    yield "g:brand", copy.brand
    yield "g:color", article.colour.capitalize()
    yield "g:gender", {"women": "female", "men": "male"}.get(style.wearer, "unisex")
    yield "g:age_group", "adult"
    yield "g:size", ",".join(copy.sizes)
    yield "g:material", copy.material
    yield "g:pattern", copy.pattern
    yield "g:item_group_id", f"style-{style.number + 1001}"
    yield "g:product_type", style.kind.category
    yield "g:condition", "new"
