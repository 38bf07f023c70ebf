"""Pictures as shoppers take them: blurred, dark, tilted, upside down, compressed, small in clutter.

Lengths are in pixels of a picture whose longer side is SIDE. Everything random is drawn from ``seed``.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping, Sequence

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

SIDE = 288
# The garment's side in a cluttered frame of 1: a third of its area.
CLUTTERED_SIDE = 0.577
BEHIND_SIDE, FRONT_SIDE = 0.65, 0.75

Degrade = Callable[[Image.Image, Sequence[Image.Image], np.random.Generator], Image.Image]


def degraded(name: str, image: Image.Image, others: Sequence[Image.Image], seed: int) -> Image.Image:
    """``image`` degraded in one of the ways of DEGRADATIONS; ``others`` are pictures of other products."""
    small = image.convert("RGB")
    small.thumbnail((SIDE, SIDE), Image.Resampling.BICUBIC)
    return DEGRADATIONS[name](small, others, np.random.default_rng(seed))


def _as_it_is(
    image: Image.Image, _others: Sequence[Image.Image], _random: np.random.Generator
) -> Image.Image:
    return image


def _blurred(radius: float) -> Degrade:
    return lambda image, _others, _random: image.filter(ImageFilter.GaussianBlur(radius))


def _dark(image: Image.Image, _others: Sequence[Image.Image], _random: np.random.Generator) -> Image.Image:
    return Image.eval(image, lambda value: int(value * 0.35))


def _turned(turn: Image.Transpose) -> Degrade:
    return lambda image, _others, _random: image.transpose(turn)


def _tilted(image: Image.Image, _others: Sequence[Image.Image], random: np.random.Generator) -> Image.Image:
    angle = 25.0 if random.random() < 0.5 else -25.0
    edge = tuple(int(value) for value in np.median(np.asarray(image)[0], axis=0))
    return image.rotate(angle, Image.Resampling.BICUBIC, fillcolor=edge)


def _compressed(
    image: Image.Image, _others: Sequence[Image.Image], _random: np.random.Generator
) -> Image.Image:
    buffer = io.BytesIO()
    image.resize((max(1, image.width // 2), max(1, image.height // 2))).save(buffer, "JPEG", quality=12)
    with Image.open(buffer) as small:
        return small.convert("RGB").resize(image.size, Image.Resampling.BICUBIC)


def _in_clutter(
    image: Image.Image, others: Sequence[Image.Image], random: np.random.Generator
) -> Image.Image:
    """On a third of a frame of coloured shapes and parts of other pictures."""
    frame = _clutter(image.size, others, random)
    _paste(frame, image, CLUTTERED_SIDE, random)
    return frame


def _before_another(
    image: Image.Image, others: Sequence[Image.Image], random: np.random.Generator
) -> Image.Image:
    """In front of another product's picture, which stays visible at the edges."""
    frame = Image.new("RGB", image.size, _colour(random))
    _paste(frame, others[int(random.integers(len(others)))], BEHIND_SIDE, random)
    _paste(frame, image, FRONT_SIDE, random)
    return frame


def _clutter(
    size: tuple[int, int], others: Sequence[Image.Image], random: np.random.Generator
) -> Image.Image:
    frame = Image.new("RGB", size, _colour(random))
    draw = ImageDraw.Draw(frame)
    for _ in range(12):
        width, height = (int(value) for value in random.integers(SIDE // 10, SIDE // 3, 2))
        left, top = (int(random.integers(-20, edge - 10)) for edge in size)
        box = (left, top, left + width, top + height)
        if random.random() < 0.4:
            frame.paste(_corner(others, random).resize((width, height)), (left, top))
        elif random.random() < 0.5:
            draw.rectangle(box, fill=_colour(random))
        else:
            draw.ellipse(box, fill=_colour(random))
    return frame


def _corner(others: Sequence[Image.Image], random: np.random.Generator) -> Image.Image:
    """A quarter of another picture, from a corner: background rather than product."""
    picture = others[int(random.integers(len(others)))]
    width, height = (max(1, edge // 4) for edge in picture.size)
    left = int(random.integers(2)) * (picture.width - width)
    return picture.crop((left, 0, left + width, height))


def _paste(frame: Image.Image, image: Image.Image, side: float, random: np.random.Generator) -> None:
    small = image.resize((max(1, int(frame.width * side)), max(1, int(frame.height * side))))
    left = int(random.integers(0, frame.width - small.width + 1))
    top = int(random.integers(0, frame.height - small.height + 1))
    frame.paste(small, (left, top))


def _colour(random: np.random.Generator) -> tuple[int, ...]:
    return tuple(int(value) for value in random.integers(20, 245, 3))


DEGRADATIONS: Mapping[str, Degrade] = {
    "as it is": _as_it_is,
    "blurred by 5 pixels": _blurred(5),
    "dark": _dark,
    "tilted by 25°": _tilted,
    "turned by 90°": _turned(Image.Transpose.ROTATE_90),
    "upside down": _turned(Image.Transpose.ROTATE_180),
    "half the pixels, JPEG of quality 12": _compressed,
    "on a third of a cluttered frame": _in_clutter,
    "another product behind it": _before_another,
}
