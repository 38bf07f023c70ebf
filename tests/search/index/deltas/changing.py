"""A shop that changes at random, and what two indexes answer about it, by product instead of by row."""

import random

import numpy as np

from catalog.models import Product
from search.index.segments.words import load_words
from tests.factories import NOW, ProductFactory, ProductImageFactory

KINDS = ("shirt", "dress", "bag", "shoes", "red", "blue", "black", "linen", "striped")
QUERIES = ("red shirt", "blue bag", "linen", "striped shoes", "zebra", "dres", "Fern", "1003")


def change(product, **fields):
    """Write these fields the way a sync does."""
    fields["updated_at"] = Product.objects.next_generation(NOW)
    Product.objects.filter(pk=product.pk).update(**fields)


def added(generator):
    """A new product, with a picture or without one."""
    product = ProductFactory(
        title=" ".join(generator.sample(KINDS, 3)),
        category=generator.choice(("Bags", "Dresses", "Shoes")),
        colour=generator.choice(("Red", "Blue", "")),
        updated_at=Product.objects.next_generation(NOW),
    )
    if generator.random() < 0.5:
        ProductImageFactory(product=product, kept=True, colour=generator.choice(("red", "blue", "black")))
    return product


def step(generator):
    """One change of the kinds that a shop makes."""
    products = list(Product.objects.order_by("pk"))
    product = generator.choice(products)
    kind = generator.choice(("title", "description", "price", "leave", "return", "new", "delete", "picture"))
    if kind == "title":
        change(product, title=" ".join(generator.sample(KINDS, 3)))
    elif kind == "description":
        change(product, description=f"with a {generator.choice(('zebra', 'zip'))}")
    elif kind == "price":
        change(product, price=generator.randrange(100), in_stock=generator.random() < 0.5)
    elif kind == "leave":
        Product.objects.filter(pk=product.pk).deactivate(NOW)
    elif kind == "return":
        Product.objects.filter(pk=product.pk).activate(NOW)
    elif kind == "delete" and len(products) > 4:
        product.delete()
    elif kind == "picture":
        product.images.all().delete()
        ProductImageFactory(product=product, kept=True, colour=generator.choice(("green", "yellow")))
        change(product)
    else:
        added(generator)


def answers(index, dimension=8):
    """What an index says of its products, by key; similarities to six digits."""
    words = load_words(index, None).index
    queries = np.random.default_rng(3).standard_normal((6, dimension)).astype(np.float32)
    queries /= np.linalg.norm(queries, axis=1, keepdims=True)
    found = {}
    for number, query in enumerate(queries):
        rows, similarities = index.scan(query, floor=-1.0)
        found[f"scan {number}"] = by_key(index, rows, similarities)
        rows, similarities = index.nearest(query, 5)
        found[f"nearest {number}"] = sorted(round(float(each), 5) for each in similarities)
    for query in QUERIES:
        found[query] = by_key(index, *words.scores(query))
        found[f"{query}: rows"] = sorted(index.keys[words.rows_with(query)].tolist())
        found[f"{query}: words"] = (words.did_you_mean(query), words.written(query), words.count(query))
    return found


def by_key(index, rows, values):
    return {int(index.keys[row]): float(value) for row, value in zip(rows, values, strict=True)}


def assert_equal(one, other):
    assert one.keys() == other.keys()
    for name, expected in other.items():
        if isinstance(expected, dict):
            assert one[name].keys() == expected.keys(), name
            for key, value in expected.items():
                assert abs(one[name][key] - value) < 1e-6, (name, key)
        else:
            assert one[name] == expected, name


def shop(seed, count=12):
    generator = random.Random(seed)
    for _product in range(count):
        added(generator)
    return generator
