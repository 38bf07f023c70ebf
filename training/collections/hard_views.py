"""Views of a training picture as shoppers photograph: blurred, turned, dark, compressed, small in clutter.

The upper layers that are trained end to end see `augmentation` alone. These views are for the projection of
the frozen branch, which has nothing to forget.
"""

import io
from collections.abc import Callable, Sequence

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from training.collections.augmentation import clean, garment_mask
from training.network.towers import IMAGE_SIZE

SIZE = (IMAGE_SIZE, IMAGE_SIZE)
CLUTTER = (3, 9)  # things around a garment, at least and fewer than


class HardAugmenter:
    """Draws one hard view; parts of the `scenery` pictures and shapes make up the clutter."""

    def __init__(self, scenery: Sequence[Image.Image], seed: int) -> None:
        self._scenery = scenery
        self._random = np.random.default_rng(seed)

    def view(self, picture: Image.Image, other: Image.Image, *, has_plain_background: bool) -> Image.Image:
        """One hard view of `picture`, IMAGE_SIZE square; `other` is a picture that may lie behind it."""
        image = clean(picture)
        mask = garment_mask(np.asarray(image)) if has_plain_background else None
        kinds: list[Callable[[Image.Image], Image.Image]] = [
            self._blurred,
            self._turned,
            self._tilted,
            self._dark,
            self._compressed,
            lambda image: self._in_clutter(image, mask),
            lambda image: self._before(image, clean(other), mask),
        ]
        chosen = self._random.choice(len(kinds), p=[0.18, 0.18, 0.1, 0.07, 0.07, 0.28, 0.12])
        image = kinds[int(chosen)](image)
        return image.transpose(Image.Transpose.FLIP_LEFT_RIGHT) if self._random.random() < 0.5 else image

    def _blurred(self, image: Image.Image) -> Image.Image:
        return image.filter(ImageFilter.GaussianBlur(self._random.uniform(2, 7)))

    def _turned(self, image: Image.Image) -> Image.Image:
        turns = (Image.Transpose.ROTATE_90, Image.Transpose.ROTATE_180, Image.Transpose.ROTATE_270)
        return image.transpose(turns[int(self._random.choice(3, p=[0.25, 0.5, 0.25]))])

    def _tilted(self, image: Image.Image) -> Image.Image:
        edge = tuple(int(v) for v in np.median(np.asarray(image)[0], axis=0))
        angle = self._random.choice([-1, 1]) * self._random.uniform(12, 50)
        return image.rotate(float(angle), Image.Resampling.BICUBIC, fillcolor=edge)

    def _dark(self, image: Image.Image) -> Image.Image:
        pixels = np.asarray(image, np.float32) * self._random.uniform(0.25, 0.7)
        noise = self._random.normal(0, self._random.uniform(0, 12), pixels.shape)
        return Image.fromarray(np.clip(pixels + noise, 0, 255).astype(np.uint8))

    def _compressed(self, image: Image.Image) -> Image.Image:
        side = int(self._random.integers(72, IMAGE_SIZE))
        buffer = io.BytesIO()
        image.resize((side, side)).save(buffer, "JPEG", quality=int(self._random.integers(6, 30)))
        with Image.open(buffer) as small:
            return small.convert("RGB").resize(SIZE, Image.Resampling.BICUBIC)

    def _in_clutter(self, image: Image.Image, mask: Image.Image | None) -> Image.Image:
        scene = self._clutter()
        side = int(IMAGE_SIZE * self._random.uniform(0.42, 0.85))
        self._paste(scene, image, mask, side)
        return scene

    def _before(self, image: Image.Image, other: Image.Image, mask: Image.Image | None) -> Image.Image:
        """The garment before another one, which it hides in part."""
        scene = self._clutter() if self._random.random() < 0.4 else Image.new("RGB", SIZE, self._colour())
        self._paste(
            scene, other, garment_mask(np.asarray(other)), int(IMAGE_SIZE * self._random.uniform(0.4, 0.7))
        )
        self._paste(scene, image, mask, int(IMAGE_SIZE * self._random.uniform(0.6, 0.9)))
        return scene

    def _paste(self, scene: Image.Image, image: Image.Image, mask: Image.Image | None, side: int) -> None:
        place = tuple(int(v) for v in self._random.integers(0, IMAGE_SIZE - side + 1, 2))
        small = image.resize((side, side), Image.Resampling.BICUBIC)
        scene.paste(small, (place[0], place[1]), mask and mask.resize((side, side)))

    def _clutter(self) -> Image.Image:
        scene = (
            self._part(SIZE, 0.7) if self._random.random() < 0.5 else Image.new("RGB", SIZE, self._colour())
        )
        draw = ImageDraw.Draw(scene)
        for _ in range(int(self._random.integers(*CLUTTER))):
            width, height = (int(v) for v in self._random.integers(IMAGE_SIZE // 10, IMAGE_SIZE // 2, 2))
            left, top = (int(v) for v in self._random.integers(-20, IMAGE_SIZE - 20, 2))
            shape = self._random.random()
            if shape < 0.5:
                scene.paste(self._part((width, height), 0.3), (left, top))
            elif shape < 0.75:
                draw.rectangle((left, top, left + width, top + height), fill=self._colour())
            else:
                draw.ellipse((left, top, left + width, top + height), fill=self._colour())
        return scene

    def _part(self, size: tuple[int, int], share: float) -> Image.Image:
        """A corner of a random scenery picture, where there is no garment; at most `share` of its side."""
        photo = self._scenery[int(self._random.integers(len(self._scenery)))]
        side = max(8, int(min(photo.size) * self._random.uniform(0.1, share)))
        left, top = (int(self._random.integers(2)) * (edge - side) for edge in photo.size)
        return photo.crop((left, top, left + side, top + side)).resize(size, Image.Resampling.BICUBIC)

    def _colour(self) -> tuple[int, ...]:
        return tuple(int(v) for v in self._random.integers(20, 245, 3))
