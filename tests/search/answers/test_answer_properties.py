"""What holds for every answer, on catalogues drawn by chance: pages, bands and counts agree."""

import random
from decimal import Decimal

import pytest

from search import retrieval
from search.query import Filters, SearchQuery, Sort
from tests.examples import examples
from tests.factories import ProductFactory, ProductImageFactory
from tests.search.shop import COLOURS, NOW, reindex

pytestmark = pytest.mark.django_db

STEPS = {
    "Dresses": "Apparel > Dresses",
    "Shirts": "Apparel > Shirts",
    "Boots": "Shoes > Boots",
    "Flats": "Shoes > Flats",
    "Bags": "Bags",
}
SHADES = {"red": "Maroon", "green": "Olive / Navy", "blue": "Marineblau"}
TEXTS = (
    "dress",
    "red dresses",
    "shoes",
    "frock",
    "green ballerinas",
    "boots for women",
    "blue",
    "navy shirt",
    "shirt under 40",
    "something not red",
    "fashionable",
)


@pytest.fixture(params=range(examples(8)))
def drawn(request, db, colour_encoder):
    """A generator of random numbers, and a shop of 12 to 40 products that it drew."""
    generator = random.Random(request.param)
    for number in range(generator.randint(12, 40)):
        colour, kind = generator.choice(list(COLOURS)), generator.choice(list(STEPS))
        product = ProductFactory(
            title=f"{colour.title()} {generator.choice([kind, 'Piece'])} {number}",
            colour=generator.choice([colour.title(), SHADES[colour]]),
            category=kind,
            category_path=STEPS[kind],
            brand=generator.choice(["Fern", "Moss"]),
            gender=generator.choice(["Women", "Men"]),
            price=Decimal(generator.randint(5, 90)),
            item_group_id=generator.choice(["", "", f"style-{number % 5}"]),
        )
        shade = tuple(max(0, value - number) for value in COLOURS[colour])
        ProductImageFactory(product=product, position=0, kept=True, colour=shade)
    reindex(colour_encoder)
    return generator


def ask(text, **fields):
    return retrieval.search(SearchQuery(text=text, **fields), user=None, now=NOW, track=False, log=False)


def ids(hits):
    return [hit.product.product_id for hit in hits]


def test_the_pages_of_an_answer_are_its_total_and_its_looser_matches_are_apart(drawn):
    for text in TEXTS:
        sort, size = drawn.choice(list(Sort)), drawn.randint(1, 9)
        whole = ask(text, sort=sort, top_k=100)
        pages = [
            hit
            for offset in range(0, whole.total + size, size)
            for hit in ids(ask(text, sort=sort, top_k=size, offset=offset).hits)
        ]
        assert len(pages) == len(set(pages)) == whole.total, text
        assert set(pages) == set(ids(whole.hits)), text
        assert len(whole.close) <= 24
        assert not set(ids(whole.close)) & set(pages), text


def test_a_count_is_the_total_of_choosing_it_where_kinds_and_readings_are_on(drawn):
    for text in TEXTS:
        chosen = {"brand": ("Fern",)} if drawn.random() < 0.3 else {}
        facets = ask(text, filters=Filters(**chosen)).facets
        for name in ("category", "colour", "brand", "gender"):
            for each in getattr(facets, name):
                narrowed = Filters(**(chosen | {name: (each.value,)}))
                assert ask(text, filters=narrowed).total == each.count, (text, chosen, name, each)
