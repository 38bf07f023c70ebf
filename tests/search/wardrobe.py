"""A shop whose products make whole outfits, for tests of looks and of alerts."""

from catalog.models import Product
from tests.factories import ProductFactory, ProductImageFactory
from tests.search.shop import reindex

# category, colour, gender, usage
OUTFITS = [
    ("Shirts", "Navy Blue", "Men", "Formal"),
    ("Shirts", "White", "Men", "Formal"),
    ("Tshirts", "Red", "Men", "Sports"),
    ("Trousers", "Grey", "Men", "Formal"),
    ("Trousers", "Orange", "Men", "Formal"),
    ("Track Pants", "Grey", "Men", "Sports"),
    ("Jeans", "Blue", "Men", "Casual"),
    ("Formal Shoes", "Brown", "Men", "Formal"),
    ("Sports Shoes", "White", "Men", "Sports"),
    ("Ties", "Red", "Men", "Formal"),
    ("Belts", "Brown", "Men", "Formal"),
    ("Watches", "Silver", "Unisex", ""),
    ("Skirts", "Black", "Women", "Formal"),
    ("Tops", "White", "Women", "Casual"),
    ("Heels", "Black", "Women", "Formal"),
    ("Dresses", "Pink", "Girls", "Casual"),
    ("Sandals", "White", "Girls", "Casual"),
    ("Perfume", "Gold", "Women", "Casual"),
]
COLOURS = {"Navy Blue": "navy", "Track": "grey"}


def outfits(encoder, *, names=None) -> dict[str, Product]:
    """The products by "Colour Category", indexed; ``names`` maps categories to what the shop calls them."""
    names = names or {}
    products = {}
    for category, colour, gender, usage in OUTFITS:
        shown = names.get(category, category)
        product = ProductFactory(
            title=f"{colour} {shown}",
            category=shown,
            category_path=shown,
            colour=colour,
            gender=gender,
            attributes={"usage": usage} if usage else {},
        )
        ProductImageFactory(
            product=product, position=0, kept=True, colour=COLOURS.get(colour, colour.lower())
        )
        products[f"{colour} {category}"] = product
    reindex(encoder)
    return products
