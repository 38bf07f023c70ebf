"""Drawn garments of the demo shop as a third collection: kinds, cuts and patterns the other two lack.

Their seed differs from that of `seed_demo`, so training never sees the demo shop itself.
"""

from pathlib import Path

from demo.assortment import Article, articles
from demo.copywriting import written
from demo.drawing.pictures import Recipe, recipes, save_all, traits
from training.collections.items import Item

SEED = 4242

# The demo shop's kinds as labels of `vocabulary.kinds`; the title narrows them ("hoodie", "tote").
KINDS = {
    "t-shirt": "Tshirts", "polo shirt": "Tshirts", "shirt": "Shirts", "hoodie": "Sweatshirts",
    "sweater": "Sweaters", "blazer": "Jackets", "coat": "Jackets", "puffer jacket": "Jackets",
    "summer dress": "Dresses", "evening dress": "Dresses", "skirt": "Skirts", "jeans": "Jeans",
    "chinos": "Trousers", "shorts": "Shorts", "leggings": "Leggings", "swimsuit": "swimsuit",
    "sneakers": "Casual Shoes", "boots": "boots", "heels": "Heels", "sandals": "Sandals",
    "loafers": "loafers", "tote bag": "Handbags", "backpack": "Backpacks", "clutch": "Clutches",
    "belt": "Belts", "cap": "Caps", "beanie": "Caps", "summer hat": "Hat", "scarf": "Scarves",
    "sunglasses": "Sunglasses", "watch": "Watches", "tie": "Ties", "socks": "Socks",
}  # fmt: skip
COLOURS = {"navy": "Navy Blue", "camel": "Tan"}
GENDERS = {"women": "Women", "men": "Men", "unisex": "Unisex"}


def draw(folder: Path, *, size: int, workers: int = 2) -> list[Item]:
    """The items of `size` products, whose pictures are drawn into the folder unless they exist."""
    folder.mkdir(parents=True, exist_ok=True)
    fronts = [(article, recipes(article, SEED)[0]) for article in articles(size, SEED)]
    missing = [recipe for _, recipe in fronts if not (folder / recipe.file_name).exists()]
    for _recipe in save_all(missing, folder, workers=workers):
        pass
    return [_item(article, recipe, folder) for article, recipe in fronts]


def _item(article: Article, recipe: Recipe, folder: Path) -> Item:
    style = article.style
    words = traits(style.kind.name, style.pattern, style.wearer, style.drawing, SEED)
    return Item(
        path=folder / recipe.file_name,
        source="rendered",
        kind=KINDS[style.kind.name],
        title=written(article, words, SEED).title,
        colour=COLOURS.get(article.colour, article.colour.title()),
        gender=GENDERS[style.wearer],
    )
