"""The choices for one style, drawn from the style's own random generator."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TypeVar

import numpy as np

from demo.drawing.palette import COLOURS, blend, hexadecimal
from demo.drawing.scene import Sketch

Option = TypeVar("Option")


@dataclass
class Cut:
    """One style being drawn: its random generator, its sketch, and its traits with the word for each."""

    rng: np.random.Generator
    colour: str
    pattern: str = "plain"
    wearer: str = "women"
    sketch: Sketch = field(default_factory=Sketch)
    words: dict[str, str] = field(default_factory=dict)

    @property
    def dark(self) -> bool:
        """Whether the colour is so dark that lines on it must be light."""
        return sum(COLOURS[self.colour].rgb) < 260

    @property
    def button(self) -> str:
        """The colour of buttons on this cloth, as SVG writes it."""
        rgb = COLOURS[self.colour].rgb
        return hexadecimal(blend(rgb, (20, 18, 16), 0.55) if sum(rgb) < 420 else (238, 234, 224))

    def pick(self, trait: str, options: Sequence[Option]) -> Option:
        """One of the options, kept as the word for the trait."""
        chosen = options[int(self.rng.integers(len(options)))]
        self.words[trait] = str(chosen)
        return chosen

    def chance(self, share: float) -> bool:
        """True in this share of the styles."""
        return bool(self.rng.random() < share)

    def between(self, low: float, high: float) -> float:
        return float(self.rng.uniform(low, high))
