"""The twenty colours of the demo shop: what they are called and what they look like on cloth."""

from collections.abc import Iterable
from dataclasses import dataclass

Rgb = tuple[int, int, int]


@dataclass(frozen=True)
class Colour:
    """A named colour: sRGB on cloth in even light, and colours that go with it in a pattern."""

    name: str
    rgb: Rgb
    partners: tuple[str, ...]


_SWATCHES: dict[str, tuple[Rgb, tuple[str, ...]]] = {
    "black": ((38, 37, 40), ("white", "cream", "grey", "camel")),
    "white": ((228, 227, 223), ("navy", "black", "red", "blue")),
    "cream": ((231, 220, 196), ("navy", "camel", "brown", "black")),
    "grey": ((149, 150, 153), ("white", "black", "navy", "burgundy")),
    "beige": ((205, 186, 155), ("white", "brown", "navy", "black")),
    "camel": ((181, 134, 80), ("cream", "black", "white", "navy")),
    "brown": ((98, 64, 43), ("cream", "camel", "beige", "white")),
    "navy": ((33, 43, 79), ("white", "cream", "red", "sky blue")),
    "blue": ((38, 84, 172), ("white", "cream", "navy", "yellow")),
    "sky blue": ((141, 187, 222), ("white", "navy", "cream", "blue")),
    "teal": ((16, 112, 117), ("white", "cream", "mustard", "navy")),
    "green": ((34, 121, 69), ("white", "cream", "navy", "yellow")),
    "olive": ((102, 103, 58), ("cream", "black", "mustard", "beige")),
    "yellow": ((244, 205, 48), ("white", "navy", "black", "orange")),
    "mustard": ((199, 148, 32), ("cream", "navy", "brown", "white")),
    "orange": ((230, 112, 36), ("white", "navy", "cream", "brown")),
    "red": ((199, 33, 40), ("white", "navy", "cream", "black")),
    "burgundy": ((108, 26, 45), ("cream", "white", "camel", "navy")),
    "pink": ((233, 143, 168), ("white", "red", "navy", "burgundy")),
    "purple": ((101, 58, 138), ("white", "pink", "cream", "black")),
}

COLOURS: dict[str, Colour] = {name: Colour(name, rgb, pals) for name, (rgb, pals) in _SWATCHES.items()}


def shade(rgb: Rgb, factor: float) -> Rgb:
    """The colour made darker (below 1) or lighter (above 1, towards white)."""
    if factor <= 1:
        return _rgb(channel * factor for channel in rgb)
    return _rgb(channel + (255 - channel) * (factor - 1) for channel in rgb)


def blend(one: Rgb, other: Rgb, share: float) -> Rgb:
    """A mix of two colours; share 0 is the one, 1 the other."""
    return _rgb(a + (b - a) * share for a, b in zip(one, other, strict=True))


def hexadecimal(rgb: Rgb) -> str:
    """The colour as SVG writes it."""
    return "#{:02x}{:02x}{:02x}".format(*rgb)


def _rgb(channels: Iterable[float]) -> Rgb:
    red, green, blue = (max(0, min(255, round(channel))) for channel in channels)
    return red, green, blue
