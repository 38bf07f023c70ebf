"""The photo studio around a product: backdrop, shadows on wall and floor, and the camera's grain."""

from functools import lru_cache

import numpy as np
import numpy.typing as npt
from PIL import Image

from demo.drawing.shading import Field, Window, blur, resized
from demo.drawing.textures import SIZE, cloud

Canvas = npt.NDArray[np.float32]


def on_backdrop(rgb: Canvas, alpha: Field, view: Window, *, standing: bool) -> Canvas:
    """The product, premultiplied by its alpha, in front of the backdrop with its shadow; sRGB in 0..1."""
    shadow = (_floor_shadow if standing else _wall_shadow)(alpha, view.zoom)
    light = (1 - alpha) * (1 - shadow)
    return np.asarray(
        _backdrop(view.width, view.height, standing=standing) * light[..., None] + rgb, dtype=np.float32
    )


@lru_cache(maxsize=4)
def _backdrop(width: int, height: int, *, standing: bool) -> Canvas:
    """Warm white paper, lighter near the lamp; with a floor for products that stand."""
    y, x = np.linspace(0, 1, height)[:, None], np.linspace(0, 1, width)[None, :]
    level = 0.972 - 0.05 * ((x - 0.42) ** 2 + (y - 0.38) ** 2)
    if standing:
        level = level - 0.022 * np.clip((y - 0.62) * 9, 0, 1)
    return np.asarray(level[..., None] * np.array([1.0, 0.995, 0.985]), dtype=np.float32)


def _wall_shadow(alpha: Field, zoom: float) -> Field:
    """The shadow of a hanging product: a wide soft one and a close one, to the lower right."""
    height, width = alpha.shape
    small = resized(alpha, width // 3, height // 3)
    unit = zoom / 3
    wide = blur(_moved(small, 16 * unit, 30 * unit), 30 * unit) * 0.17
    close = blur(_moved(small, 4 * unit, 8 * unit), 7 * unit) * 0.16
    return resized(wide + close, width, height)


def _floor_shadow(alpha: Field, zoom: float) -> Field:
    """The shadow of a standing product: dark where it touches the floor, fading along it."""
    solid = np.flatnonzero(alpha.max(axis=1) > 0.5)
    if not len(solid):
        return np.zeros_like(alpha)
    base = int(solid[-1])
    rows = np.arange(alpha.shape[0], dtype=np.float32)[:, None]
    total = np.zeros_like(alpha)
    for reach, height, strength, spread in ((26, 7, 0.5, 8), (110, 26, 0.26, 34)):
        touch = alpha[max(0, base - int(reach * zoom)) : base + 1].max(axis=0)[None, :]
        profile = blur(np.repeat(touch, 8, axis=0), spread * zoom)[:1]
        fall = np.exp(-(((rows - base - height * 0.15 * zoom) / (height * zoom)) ** 2))
        total += profile * fall * strength
    return np.asarray(np.clip(total, 0, 0.75), dtype=np.float32)


def _moved(field: Field, right: float, down: float) -> Field:
    dx, dy = round(right), round(down)
    moved = np.zeros_like(field)
    moved[dy:, dx:] = field[: field.shape[0] - dy, : field.shape[1] - dx]
    return moved


@lru_cache(maxsize=4)
def _grain(width: int, height: int) -> Canvas:
    rows, columns = np.arange(height) % SIZE, np.arange(width) % SIZE
    return np.asarray(cloud(99, 0.3, 1, 0.8)[np.ix_(rows, columns)][..., None] * 1.0 + 0.5, dtype=np.float32)


def developed(scene: Canvas) -> Image.Image:
    """The scene with a camera's grain, in eight bits."""
    height, width = scene.shape[:2]
    exposed = np.clip(scene * 255 + _grain(width, height), 0, 255)
    return Image.fromarray(exposed.astype(np.uint8))
