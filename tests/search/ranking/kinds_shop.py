"""A shop of four categories, and the kinds that words mean there for given scores of its products."""

import numpy as np

from search.index.categories import Categories, CategoryNames
from search.index.columns import Codes, Columns, ManyCodes
from search.lexical.terms import NO_SYNONYMS
from search.ranking.kinds import kinds_of

# Products of each category; names that share no word.
SIZES = {"Dresses": 30, "Shirts": 20, "Rain Boots": 12, "Tights": 1}
PATHS = {"Dresses": "Clothes > Dresses", "Shirts": "Clothes > Shirts", "Rain Boots": "Shoes > Rain Boots"}
COUNT = sum(SIZES.values())
NOBODY = np.empty(0, np.int64)


def _steps(kind, paths):
    path = paths.get(kind, "")
    return tuple(dict.fromkeys((*path.split(" > ")[:1], kind, path))) if path else (kind,)


def columns(sizes=SIZES, paths=PATHS):
    kinds = [kind for kind, size in sizes.items() for _number in range(size)]
    count = len(kinds)
    return Columns(
        keys=np.arange(count),
        active=np.ones(count, bool),
        category=Codes.of(kinds),
        colour=Codes.of(["Red", *["Navy Blue"] * (count - 1)]),
        brand=Codes.of([""] * count),
        gender=Codes.of([""] * count),
        group=np.arange(count),
        price=np.ones(count),
        in_stock=np.ones(count, bool),
        created=np.zeros(count),
        generation=None,
        steps=ManyCodes.of([_steps(kind, paths) for kind in kinds]),
        size=ManyCodes.of([()] * count),
        material=ManyCodes.of([()] * count),
        pattern=ManyCodes.of([()] * count),
        attributes={},
        on_sale=np.zeros(count, bool),
    )


def encode(texts):
    return np.eye(len(texts), 8, dtype=np.float32)


def shop_categories(sizes=SIZES, paths=PATHS):
    vectors = np.zeros((sum(sizes.values()), 8), np.float32)
    return Categories.of(columns(sizes, paths), vectors, CategoryNames({}), encode)


def scores(categories, **by_label):
    """Scores of the sampled products, one for each category."""
    sizes = np.diff(np.append(categories.starts, len(categories.sample_vectors)))
    return np.repeat([by_label.get(label, 0.2) for label in categories.labels], sizes).astype(np.float32)


def read(categories, text, *, names=0.3, saying=NOBODY, synonyms=NO_SYNONYMS, **likeness):
    found, sampled = np.full(len(categories), names, np.float32), scores(categories, **likeness)
    return kinds_of(text, categories, likeness=sampled, names=found, saying=saying, synonyms=synonyms)


def labels(categories, mask):
    return {categories.labels[code] for code in np.unique(categories.of_row[mask])}
