"""The invented data of an article: title, description, brand, price, sizes, stock."""

from dataclasses import dataclass
from decimal import Decimal
from typing import TypeVar

import numpy as np

from demo.assortment import Article
from demo.texts import BRANDS, CARE, FABRICS, OPENERS, PATTERN_WORDS, SIZES, TAILS, TITLE_FABRICS

Item = TypeVar("Item")


@dataclass(frozen=True)
class Copy:
    """An article as the shop's feed states it; prices in euros."""

    title: str
    description: str
    brand: str
    material: str
    pattern: str
    price: Decimal
    sale_price: Decimal | None
    sizes: tuple[str, ...]
    quantity: int


def written(article: Article, words: dict[str, str], seed: int) -> Copy:
    """The copy for an article whose drawing has the traits `words`; equal arguments give equal copy."""
    style = article.style
    of_style = np.random.default_rng([seed, style.number, 1])
    of_article = np.random.default_rng([seed, style.number, 2 + style.colours.index(article.colour)])
    brand = _one(of_style, BRANDS[style.kind.category.split(" > ")[0]])
    price = _price(of_style, style.kind.prices)
    quantity = 0 if of_article.random() < 0.06 else int(of_article.gamma(1.6, 14)) + 1
    return Copy(
        title=_title(article, words),
        description=_description(article, words, of_style),
        brand=brand,
        material=FABRICS[style.fabric][0],
        pattern="denim" if style.fabric == "denim" else PATTERN_WORDS[style.pattern] or "plain",
        price=price,
        sale_price=_reduced(of_article, price),
        sizes=_sizes(of_article, style.kind.sizes, style.wearer, quantity),
        quantity=quantity,
    )


def _one(rng: np.random.Generator, options: tuple[Item, ...]) -> Item:
    return options[int(rng.integers(len(options)))]


def _noun(article: Article, words: dict[str, str]) -> str:
    """The kind's name, or the style's where it is more exact ("Chelsea boots")."""
    name = article.style.kind.name
    exact = words.get("style", "")
    return exact if exact.split(" ")[-1] == name.split(" ")[-1] else name


def _title(article: Article, words: dict[str, str]) -> str:
    style = article.style
    parts = (
        article.colour,
        PATTERN_WORDS[style.pattern],
        TITLE_FABRICS.get(style.fabric, ""),
        _noun(article, words),
    )
    line = " ".join(part for part in parts if part)
    tail = TAILS.get(style.kind.name, "").format_map(_Words(words))
    return line[0].upper() + line[1:] + tail


class _Words(dict[str, str]):
    """Traits by name; empty for a trait that was not drawn."""

    def __missing__(self, key: str) -> str:
        return ""


def _description(article: Article, words: dict[str, str], rng: np.random.Generator) -> str:
    style = article.style
    opener = _one(rng, OPENERS[style.kind.name]).format(noun=_noun(article, words), colour=article.colour)
    details = [f"{value}" for name, value in words.items() if name not in ("style", "side")]
    detail = f" Details: {', '.join(dict.fromkeys(details))}." if details else ""
    pattern = PATTERN_WORDS[style.pattern]
    look = f" In {article.colour}, {pattern}." if pattern else f" In {article.colour}."
    care = _one(rng, CARE[FABRICS[style.fabric][1]])
    return f"{opener}{look}{detail} {FABRICS[style.fabric][2]} {care}"


def _price(rng: np.random.Generator, bounds: tuple[int, int]) -> Decimal:
    """Most prices are near the lower bound, with endings that shops use."""
    low, high = bounds
    euros = int(low + (high - low) * rng.beta(1.5, 2.6))
    return Decimal(euros) + Decimal(_one(rng, ("0.00", "0.00", "0.90", "0.95")))


def _reduced(rng: np.random.Generator, price: Decimal) -> Decimal | None:
    if rng.random() > 0.18:
        return None
    share = Decimal(_one(rng, ("0.9", "0.8", "0.7", "0.5")))
    return (price * share).quantize(Decimal("0.01"))


def _sizes(rng: np.random.Generator, system: str, wearer: str, quantity: int) -> tuple[str, ...]:
    """The sizes in stock: all of them while stock is high."""
    run = SIZES[system][wearer if wearer in SIZES[system] else "all"]
    if len(run) == 1 or quantity == 0:
        return run
    left = min(len(run), max(1, quantity // 2))
    chosen = sorted(rng.choice(len(run), size=left, replace=False))
    return tuple(run[int(i)] for i in chosen)
