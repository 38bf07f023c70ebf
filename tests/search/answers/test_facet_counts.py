"""Facets of whole answers, with what the words state: a count shown is the total that choosing it gives."""

import random
from dataclasses import replace
from decimal import Decimal

import pytest

from catalog.models import Product
from search import engine, retrieval
from search.query import Filters, SearchQuery
from tests.examples import examples
from tests.search.shop import NOW, reindex

pytestmark = pytest.mark.django_db

TEXTS = (
    "red dress",
    "dress under 35",
    "boots for women in stock",
    "shirt not blue",
    "red bag under 5",
    "bag",
)
SINGLE = ("category", "colour", "brand", "gender", "size", "material", "pattern")
CHOICES = {
    "category": ["Dress", "Bag", "Apparel", "Apparel > Boots"],
    "colour": ["Red", "blue", "Navy Blue", "galaxy"],
    "brand": ["Fern", "moss"],
    "gender": ["Women"],
    "size": ["m", "L"],
    "material": ["cotton", "Linen"],
    "pattern": ["striped"],
    "attribute": ["season:summer", "season:Winter"],
}


def ask(text="", **query):
    return retrieval.search(SearchQuery(text=text, **query), user=None, now=NOW, track=True)


def drawn(generator):
    """A text and some filters, each set with a chance of a third."""
    chosen = {
        name: tuple(generator.sample(values, generator.randint(1, len(values))))
        for name, values in CHOICES.items()
        if generator.random() < 0.33
    }
    limits = {"price_max": Decimal(40)} if generator.random() < 0.3 else {}
    switches = {name: generator.random() < 0.15 for name in ("in_stock", "on_sale")}
    return SearchQuery(text=generator.choice(TEXTS), filters=Filters(**chosen, **limits, **switches))


def offers(facets, query):
    for name in SINGLE:
        yield from ((each, {name: (each.value,)}) for each in getattr(facets, name))
    yield from ((each, {"category": (each.value,)}) for each in facets.category_tree)
    for attribute in facets.attributes:
        others = tuple(each for each in query.filters.attribute if each.partition(":")[0] != attribute.name)
        for each in attribute.values:
            yield each, {"attribute": (*others, f"{attribute.name}:{each.value}")}


@pytest.fixture
def shaded(shop, colour_encoder):
    """The shop with its own words for shades, of one and of two families, and for no colour that is known."""
    for product, word in zip(shop, 4 * ("", "Navy Blue", "Red/Navy", "Dusty Rose", "Galaxy"), strict=False):
        product.colour = word or product.colour
        product.save()
    reindex(colour_encoder)
    return shop


@pytest.mark.parametrize("seed", range(examples(12)))
def test_a_count_is_the_total_one_gets_by_choosing_it_whatever_the_words_state(shaded, seed):
    generator = random.Random(seed)
    query = drawn(generator)
    facets = retrieval.search(query, user=None, now=NOW, track=False, log=False).facets
    shown = list(offers(facets, query))
    for each, narrowing in generator.sample(shown, min(12, len(shown))):
        chosen = retrieval.search(query.narrowed(**narrowing), user=None, now=NOW, track=False, log=False)
        assert chosen.total == each.count, (query, narrowing)
    for name in ("in_stock", "on_sale"):
        chosen = retrieval.search(query.narrowed(**{name: True}), user=None, now=NOW, track=False, log=False)
        assert chosen.total == getattr(facets, name), (query, name)


def test_every_facet_has_values_to_choose(shop):
    facets = ask("dress").facets
    assert all(getattr(facets, name) for name in (*SINGLE, "category_tree", "attributes"))
    assert facets.on_sale


def test_readings_that_hold_are_kept_when_a_choice_leaves_nothing(shop):
    """Choosing a category may not bring back what the words exclude: its facet counted with the words."""
    query = SearchQuery(text="dress under 35", filters=Filters(colour=("Red",), category=("Umbrellas",)))
    empty = retrieval.search(query, user=None, now=NOW, track=False)
    assert (empty.total, [chip.field for chip in empty.chips]) == (0, ["price_max", "kind"])
    offered = {each.value: each.count for each in empty.facets.category}
    chosen = retrieval.search(query.narrowed(category=("Dress",)), user=None, now=NOW, track=False)
    assert chosen.total == offered["Dress"] > 0


@pytest.mark.parametrize("filters", [{}, {"colour": ("Blue",)}, {"price_max": Decimal(50)}])
def test_one_reading_that_no_product_passes_is_let_go_whatever_was_chosen(shop, filters):
    result = ask("red bag under 5", filters=Filters(**filters))
    assert result.query.ignore == ("price_max:5",)
    assert "price_max" not in {chip.field for chip in result.chips}


def test_a_reading_that_a_filter_overrides_is_no_chip(shop):
    stated = {chip.field for chip in ask("red dress under 40 in stock").chips}
    assert stated == {"colour", "price_max", "in_stock", "kind"}
    chosen = Filters(colour=("Blue",), price_min=Decimal(1), in_stock=True)
    assert [chip.field for chip in ask("red dress under 40 in stock", filters=chosen).chips] == ["kind"]


def test_a_size_is_one_that_can_be_bought(shop):
    dress = shop[2]
    dress.attributes = {"sizes": ["S", "M"], "sold_out_sizes": ["M"]}
    Product.objects.filter(pk=dress.pk).update(attributes=dress.attributes, updated_at=NOW.replace(hour=13))
    Product.objects.filter(pk=shop[3].pk).update(in_stock=False, updated_at=NOW.replace(hour=13))
    engine.column_store().expire()
    found = {
        size: {hit.product.pk for hit in ask("red dress", filters=Filters(size=(size,)), top_k=60).hits}
        for size in ("S", "M")
    }
    assert dress.pk in found["S"]
    assert dress.pk not in found["M"]
    assert shop[3].pk not in found["S"] | found["M"]


@pytest.mark.parametrize(
    "filters",
    [
        {"size": ("l",)},
        {"material": ("linen",)},
        {"pattern": ("PLAIN",)},
        {"attribute": ("Season:winter",)},
        {"attribute": ("fabric:linen",)},
        {"on_sale": True},
        {"category": ("apparel>dress",)},
    ],
)
def test_each_filter_leaves_a_part(shop, filters):
    everything = ask("red", top_k=60).total
    assert 0 < ask("red", filters=Filters(**filters)).total < everything


def test_values_of_one_attribute_are_alternatives_and_attributes_add_up(shop):
    summer, winter, both, neither = (
        ask("dress", filters=Filters(attribute=wanted)).total
        for wanted in (
            ("season:Summer",),
            ("season:Winter",),
            ("season:Summer", "season:Winter"),
            ("season:Summer", "fit:Slim"),
        )
    )
    assert (both, neither) == (summer + winter, 0)


def test_an_attribute_that_was_read_gives_way_only_to_its_own(shop):
    read = Filters(attribute=("season:Summer", "fit:Slim"), colour=("Red",))
    chosen = Filters(attribute=("Season:Winter",))
    assert read.beside(chosen) == replace(read, attribute=("fit:Slim",))
    assert chosen.joined(read.beside(chosen)).attribute == ("Season:Winter", "fit:Slim")
