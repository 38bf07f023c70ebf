"""Random views of a training picture: another frame, background and light, the same hues.

Hue stays, because many shoppers search by colour. Half of the views of a product shot replace its white
background, so that the model does not take white for a feature of products.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter
from scipy import ndimage

from training.network.towers import IMAGE_SIZE

Pixels = NDArray[np.uint8]

WHITE = 246  # backgrounds of the product shots are above this in every channel
LEAST_GARMENT = 0.08  # of the picture; with less, the background has leaked into a white product
MOST_GARMENT = 0.85


def clean(picture: Image.Image) -> Image.Image:
    """The view that the processor gives the model in use."""
    return picture.convert("RGB").resize((IMAGE_SIZE, IMAGE_SIZE), Image.Resampling.BICUBIC)


class Augmenter:
    """Draws random views; corners of the `scenery` pictures serve as backgrounds."""

    def __init__(self, scenery: Sequence[Image.Image], seed: int) -> None:
        self._scenery = scenery
        self._random = np.random.default_rng(seed)

    def view(self, picture: Image.Image, *, has_plain_background: bool) -> Image.Image:
        """One random view, IMAGE_SIZE square."""
        image = clean(picture)
        if has_plain_background and self._random.random() < 0.5:
            image = self._moved(image, mask=garment_mask(np.asarray(image)))
        else:
            image = self._moved(image, mask=None)
        return self._erased(self._relit(image))

    def _moved(self, image: Image.Image, mask: Image.Image | None) -> Image.Image:
        coefficients = self._frame()
        size, bicubic = (IMAGE_SIZE, IMAGE_SIZE), Image.Resampling.BICUBIC
        affine = Image.Transform.AFFINE
        if mask is None:
            background = tuple(int(v) for v in np.median(_border(np.asarray(image)), axis=0))
            moved = image.transform(size, affine, coefficients, bicubic, fillcolor=background)
        else:
            moved = self._background()
            garment = image.transform(size, affine, coefficients, bicubic, fillcolor=(255, 255, 255))
            moved.paste(garment, mask=mask.transform(size, affine, coefficients, Image.Resampling.BILINEAR))
        return moved.transpose(Image.Transpose.FLIP_LEFT_RIGHT) if self._random.random() < 0.5 else moved

    def _frame(self) -> tuple[float, ...]:
        """An affine map from the view to the picture: zoom, aspect, turn and shift."""
        random = self._random
        # One view in four looks closely, one in eight from afar; the rest stay near the original frame.
        low, high = (
            [(1.25, 1.9), (0.5, 0.72)][int(random.random() < 1 / 3)]
            if random.random() < 0.375
            else (0.75, 1.25)
        )
        zoom = np.exp(random.uniform(np.log(low), np.log(high)))
        aspect = np.exp(random.uniform(-0.22, 0.22) / 2)
        angle = np.deg2rad(random.uniform(-12, 12))
        turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
        matrix = turn @ np.diag([aspect / zoom, 1 / (aspect * zoom)])
        reach = IMAGE_SIZE * (0.06 + 0.3 * abs(1 - 1 / zoom))
        centre = IMAGE_SIZE / 2 + random.uniform(-reach, reach, 2)
        offset = centre - matrix @ np.full(2, IMAGE_SIZE / 2)
        return (*matrix[0], offset[0], *matrix[1], offset[1])

    def _background(self) -> Image.Image:
        size = (IMAGE_SIZE, IMAGE_SIZE)
        kind = self._random.random()
        if kind < 0.3:
            return Image.new("RGB", size, self._muted_colour())
        if kind < 0.5:
            corners = np.array([[self._muted_colour() for _ in range(2)] for _ in range(2)], np.uint8)
            return Image.fromarray(corners).resize(size, Image.Resampling.BICUBIC)
        photo = self._scenery[int(self._random.integers(len(self._scenery)))]
        side = int(min(photo.size) * self._random.uniform(0.16, 0.3))
        left, top = (int(self._random.integers(2)) * (edge - side) for edge in photo.size)
        corner = photo.crop((left, top, left + side, top + side)).resize(size, Image.Resampling.BICUBIC)
        return corner.filter(ImageFilter.GaussianBlur(self._random.uniform(0, 4)))

    def _muted_colour(self) -> tuple[int, ...]:
        grey = self._random.uniform(40, 250)
        return tuple(int(v) for v in np.clip(grey + self._random.normal(0, 22, 3), 0, 255))

    def _relit(self, image: Image.Image) -> Image.Image:
        gain, contrast = self._random.uniform(0.85, 1.15, 2)
        pixels = np.asarray(image, np.float32)
        relit = (pixels - pixels.mean()) * contrast + pixels.mean() * gain
        image = Image.fromarray(np.clip(relit, 0, 255).astype(np.uint8))
        if self._random.random() < 0.15:
            image = image.filter(ImageFilter.GaussianBlur(self._random.uniform(0.4, 1.6)))
        return image

    def _erased(self, image: Image.Image) -> Image.Image:
        if self._random.random() < 0.25:
            width, height = self._random.integers(IMAGE_SIZE // 8, IMAGE_SIZE // 3, 2)
            left, top = (
                self._random.integers(0, IMAGE_SIZE - width),
                self._random.integers(0, IMAGE_SIZE - height),
            )
            image.paste(self._muted_colour(), (left, top, left + width, top + height))
        return image


def _border(pixels: Pixels) -> Pixels:
    return np.concatenate([pixels[0], pixels[-1], pixels[:, 0], pixels[:, -1]])


def garment_mask(pixels: Pixels) -> Image.Image | None:
    """All but the white background that touches the border; None where the two cannot be told apart."""
    regions, _ = ndimage.label(pixels.min(axis=2) >= WHITE)
    on_border = np.unique(np.concatenate([regions[0], regions[-1], regions[:, 0], regions[:, -1]]))
    background = np.isin(regions, on_border[on_border > 0])
    # Opening removes specks of JPEG noise in the background.
    garment = ndimage.binary_opening(~background, iterations=1)
    if not LEAST_GARMENT < garment.mean() < MOST_GARMENT:
        return None
    return Image.fromarray(garment * np.uint8(255)).filter(ImageFilter.GaussianBlur(0.7))
