"""The products that the demo shop carries: styles of every kind, each in a few colours.

A round holds every kind once, some twice; rounds follow one another until the shop is full. Each line of a
round has a main colour (and often a fabric or pattern) that shoppers search for, so that even a small shop
has several red striped dresses, black leather boots, navy backpacks and yellow summer hats.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from demo.wardrobe import KINDS, Kind

# Rounds with drawings of their own; later rounds sell the same drawings under other names and prices, so that
# a shop of 100,000 products needs no more pictures than one of about 1,200.
DRAWN_ROUNDS = 12


@dataclass(frozen=True)
class Line:
    """A line of the round: a kind, its main colour, and its fabric and pattern where they are fixed."""

    kind: str
    lead: str
    fabric: str = ""
    pattern: str = ""


ROUND = (
    Line("summer dress", "red", pattern="striped"),
    Line("boots", "black", fabric="leather"),
    Line("backpack", "navy"),
    Line("summer hat", "yellow"),
    Line("t-shirt", "white", pattern="plain"),
    Line("sneakers", "white"),
    Line("jeans", "blue"),
    Line("shirt", "sky blue"),
    Line("evening dress", "black"),
    Line("tote bag", "camel", fabric="leather"),
    Line("summer dress", "yellow", pattern="floral"),
    Line("sweater", "cream"),
    Line("heels", "red"),
    Line("hoodie", "grey"),
    Line("skirt", "black"),
    Line("coat", "camel"),
    Line("sunglasses", "black"),
    Line("scarf", "red", pattern="plaid"),
    Line("t-shirt", "navy", pattern="striped"),
    Line("blazer", "navy"),
    Line("sandals", "brown"),
    Line("watch", "brown"),
    Line("shorts", "beige"),
    Line("polo shirt", "green"),
    Line("puffer jacket", "black"),
    Line("belt", "brown"),
    Line("cap", "navy"),
    Line("loafers", "burgundy"),
    Line("swimsuit", "blue"),
    Line("chinos", "beige"),
    Line("clutch", "pink"),
    Line("beanie", "mustard"),
    Line("leggings", "black"),
    Line("summer dress", "blue"),
    Line("sneakers", "red"),
    Line("tie", "navy"),
    Line("socks", "orange"),
    Line("boots", "brown"),
    Line("shirt", "red", pattern="plaid"),
)


@dataclass(frozen=True)
class Style:
    """One cut in one cloth, sold in several colours. Styles with the same drawing share their pictures."""

    number: int
    drawing: int
    kind: Kind
    fabric: str
    pattern: str
    wearer: str
    colours: tuple[str, ...]


def styles(seed: int) -> Iterator[Style]:
    """The shop's styles, an endless sequence."""
    number = 0
    while True:
        for place, line in enumerate(ROUND):
            drawing = (number // len(ROUND)) % DRAWN_ROUNDS * len(ROUND) + place
            yield _style(number, drawing, line, np.random.default_rng([seed, drawing]))
            number += 1


def _style(number: int, drawing: int, line: Line, rng: np.random.Generator) -> Style:
    kind = KINDS[line.kind]
    fabric = line.fabric or kind.fabrics[int(rng.integers(len(kind.fabrics)))]
    pattern = line.pattern or kind.patterns[int(rng.integers(len(kind.patterns)))]
    if fabric in ("leather", "denim", "straw"):
        pattern = "plain"
    others = [colour for colour in kind.colours if colour != line.lead]
    more = rng.choice(len(others), size=int(rng.integers(1, 3)), replace=False)
    return Style(
        number=number,
        drawing=drawing,
        kind=kind,
        fabric=fabric,
        pattern=pattern,
        wearer=kind.wearers[int(rng.integers(len(kind.wearers)))],
        colours=(line.lead, *(others[int(i)] for i in more)),
    )


@dataclass(frozen=True)
class Article:
    """One style in one colour: a product of the shop. `drawing` names its pictures."""

    style: Style
    colour: str

    @property
    def key(self) -> str:
        """The id in the feed."""
        return f"{self.style.number + 1001}-{self.colour.replace(' ', '')}"

    @property
    def drawing(self) -> str:
        """Shared by all products with the same pictures."""
        kind = self.style.kind.name.replace(" ", "-")
        return f"{kind}-{self.style.drawing:03d}-{self.colour.replace(' ', '-')}"


def articles(size: int, seed: int) -> Iterator[Article]:
    """The first `size` products of the shop with this seed; a larger shop begins with them."""
    count = 0
    for style in styles(seed):
        for colour in style.colours:
            if count == size:
                return
            yield Article(style, colour)
            count += 1
