"""Light on cloth: a height field for each panel, its normals, and a soft light from the upper left."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw

from demo.drawing.curves import Line, ribbon
from demo.drawing.fabrics import Material
from demo.drawing.scene import Fold, Panel
from demo.drawing.textures import SIZE, cloud, creases

Field = npt.NDArray[np.float32]
# Direction of the light, towards the viewer.
LIGHT = np.array([-0.42, -0.56, 0.71])
COARSE = 2  # light is computed in half the resolution


@dataclass(frozen=True)
class Window:
    """The part of the board that is drawn: its top left corner, and output pixels per board pixel."""

    x: float
    y: float
    zoom: float
    width: int
    height: int

    def pixels(self, line: Line) -> Line:
        """Board coordinates as pixels of this window."""
        pixels: Line = (line - np.array([self.x, self.y])) * self.zoom
        return pixels


@dataclass(frozen=True)
class Light:
    """The light per pixel of a window: diffuse factor (1 = even), highlight, surface tilt."""

    diffuse: Field
    highlight: Field
    tilt_x: Field
    tilt_y: Field

    def seen_in(self, part: Window, whole: Window) -> Light:
        """The light within a smaller window."""
        if (part.width, part.height) == (whole.width, whole.height):
            return self
        left, top = round((part.x - whole.x) * part.zoom), round((part.y - whole.y) * part.zoom)
        # Each window is rounded to whole pixels on its own, so one may end a pixel before the other.
        rows = np.clip(np.arange(top, top + part.height), 0, whole.height - 1)
        columns = np.clip(np.arange(left, left + part.width), 0, whole.width - 1)
        place = np.ix_(rows, columns)
        return Light(self.diffuse[place], self.highlight[place], self.tilt_x[place], self.tilt_y[place])


def coverage(outline: Line, holes: tuple[Line, ...], window: Window, scale: float = 1.0) -> Field:
    """The share of each pixel within the outline, 0..1, from 2 x 2 samples."""
    width, height = max(1, round(window.width * scale)), max(1, round(window.height * scale))
    image = Image.new("L", (width * 2, height * 2))
    draw = ImageDraw.Draw(image)
    draw.polygon((window.pixels(outline) * scale * 2).ravel().tolist(), fill=255)
    for hole in holes:
        draw.polygon((window.pixels(hole) * scale * 2).ravel().tolist(), fill=0)
    return np.asarray(image.reduce(2), dtype=np.float32) / np.float32(255)


def resized(field: Field, width: int, height: int) -> Field:
    method = Image.Resampling.BOX if width < field.shape[1] else Image.Resampling.BILINEAR
    return np.asarray(Image.fromarray(field).resize((width, height), method), dtype=np.float32)


def blur(field: Field, sigma: float, border: str = "edge") -> Field:
    """A Gaussian-like blur; wide ones run in low resolution, for speed.

    border: outside the field, values are those of its rim ("edge") or 0 ("constant").
    """
    factor = max(1, int(sigma / 2.2))
    height, width = field.shape
    if factor > 1:
        small = (max(4, -(-width // factor)), max(4, -(-height // factor)))
        return resized_smooth(blur(resized(field, *small), sigma / factor, border), width, height)
    radius = max(1, round(np.sqrt(sigma * sigma * 12 / 3 + 1) / 2))
    # Three box blurs approach a Gaussian.
    for _ in range(3):
        field = _box(_box(field, radius, border).T, radius, border).T
    return field


def resized_smooth(field: Field, width: int, height: int) -> Field:
    """The field enlarged without visible cells."""
    return np.asarray(
        Image.fromarray(np.ascontiguousarray(field)).resize((width, height), Image.Resampling.BICUBIC)
    )


def _box(field: Field, radius: int, border: str) -> Field:
    # Padded by hand: numpy.pad takes longer than the sums.
    padded = np.zeros((len(field) + 2 * radius + 1, field.shape[1]), dtype=np.float32)
    padded[radius + 1 : radius + 1 + len(field)] = field
    if border == "edge":
        padded[: radius + 1] = field[0]
        padded[radius + 1 + len(field) :] = field[-1]
    sums = np.cumsum(padded, axis=0, dtype=np.float32)
    return np.asarray((sums[2 * radius + 1 :] - sums[: -2 * radius - 1]) / (2 * radius + 1), dtype=np.float32)


def lit(panel: Panel, material: Material, window: Window, seed: int) -> Light:
    """The light on a panel of the material within the window."""
    width, height = max(4, window.width // COARSE), max(4, window.height // COARSE)
    unit = window.zoom / COARSE
    mask = resized(coverage(panel.outline, panel.holes, window, 1.0), width, height)
    relief = _bulge(mask, panel, unit)
    relief += _creased(panel.folds, window, (width, height), unit)
    relief += _crumpled(panel, material, window, (width, height), unit, seed)
    dy, dx = (np.asarray(slope, dtype=np.float32) for slope in np.gradient(relief))
    length = np.sqrt(dx * dx + dy * dy + 1)
    lambert = (-dx * LIGHT[0] - dy * LIGHT[1] + LIGHT[2]) / length / LIGHT[2]
    hollow = np.clip((blur(relief, 9 * unit) - relief) / (9 * unit), -0.6, 0.9)
    diffuse = (0.42 + 0.58 * np.clip(lambert, 0.0, 1.42)) * (1 - 0.34 * hollow)
    diffuse *= 0.80 + 0.20 * _rim(mask, unit)
    half = LIGHT + np.array([0, 0, 1])
    half /= np.linalg.norm(half)
    facing = np.clip((-dx * half[0] - dy * half[1] + half[2]) / length, 0, 1)
    highlight = facing**material.tightness * material.gloss * panel.gloss
    dx, dy = blur(dx, 3 * unit), blur(dy, 3 * unit)
    full = (window.width, window.height)
    return Light(*(resized(np.asarray(f, dtype=np.float32), *full) for f in (diffuse, highlight, dx, dy)))


def _rim(mask: Field, unit: float) -> Field:
    """0 at the outline, 1 well inside: cloth that turns away gets less ambient light."""
    return np.clip(2 * blur(mask, 10 * unit, "constant") - 1, 0, 1) ** 0.6


def _bulge(mask: Field, panel: Panel, unit: float) -> Field:
    """A rounded rim, and a slow swell towards the middle."""
    height = np.zeros_like(mask)
    if panel.edge > 0:
        inside = np.clip(2 * blur(mask, max(0.6, panel.edge * 0.75 * unit), "constant") - 1, 0, 1)
        height += np.sqrt(np.clip(1 - (1 - inside) ** 2, 0, 1) + 0.01) * (panel.edge * 0.75 * unit)
    if panel.volume > 0:
        inside = blur(mask, panel.volume * 0.8 * unit, "constant")
        height += inside * (2 - inside) * (panel.volume * 0.95 * unit)
    return height


def _creased(folds: tuple[Fold, ...], window: Window, size: tuple[int, int], unit: float) -> Field:
    """Folds as soft ridges and valleys; each width class is drawn at once and blurred once."""
    total = np.zeros((size[1], size[0]), dtype=np.float32)
    for sharp in (True, False):
        chosen = [fold for fold in folds if (fold.width < 9) == sharp]
        if not chosen:
            continue
        layer = np.zeros_like(total)
        for fold in chosen:
            layer += _strip(fold, window, size) * (fold.depth * unit)
        width = float(np.mean([fold.width for fold in chosen]))
        total += blur(layer, max(0.7, width * 0.36 * unit))
    return total


def _strip(fold: Fold, window: Window, size: tuple[int, int]) -> Field:
    image = Image.new("L", size)
    outline = window.pixels(ribbon(fold.line, fold.width, taper=True)) / COARSE
    ImageDraw.Draw(image).polygon(outline.ravel().tolist(), fill=255)
    return np.asarray(image, dtype=np.float32) / np.float32(255)


def _crumpled(
    panel: Panel, material: Material, window: Window, size: tuple[int, int], unit: float, seed: int
) -> Field:
    """Random wrinkles and falling folds, from noise along the panel's grain."""
    y, x = np.mgrid[0 : size[1], 0 : size[0]].astype(np.float32) / unit
    along, across = turned(x + window.x, y + window.y, panel.grain)
    loose = 1.2 - material.stiffness
    field = np.zeros((size[1], size[0]), dtype=np.float32)
    if panel.crumple:
        field += sample(creases(40 + seed % 5), across * 0.55 + seed * 37, along * 0.42) * (
            7.5 * panel.crumple * loose
        )
        field += sample(cloud(60 + seed % 3, 3.2, 1, 9.0), across * 1.1, along * 0.9 + seed * 91) * (
            0.9 * panel.crumple * loose
        )
    if panel.drape:
        field += sample(cloud(70 + seed % 4, 2.6, 6.0, 9.0), across * 0.8 + seed * 53, along * 0.8) * (
            9.0 * panel.drape
        )
    return np.asarray(field * unit, dtype=np.float32)


def turned(x: Field, y: Field, degrees: float) -> tuple[Field, Field]:
    """Coordinates along and across a grain that is turned by `degrees` from the vertical."""
    angle = np.radians(degrees)
    cosine, sine = np.float32(np.cos(angle)), np.float32(np.sin(angle))
    return y * cosine - x * sine, x * cosine + y * sine


def sample(tile: Field, x: Field, y: Field) -> Field:
    """The tile's value at each coordinate, wrapped around and interpolated."""
    column, row = np.floor(x), np.floor(y)
    fx, fy = x - column, y - row
    c0, r0 = column.astype(np.int32) % SIZE, row.astype(np.int32) % SIZE
    c1, r1 = (c0 + 1) % SIZE, (r0 + 1) % SIZE
    top = tile[r0, c0] * (1 - fx) + tile[r0, c1] * fx
    bottom = tile[r1, c0] * (1 - fx) + tile[r1, c1] * fx
    return np.asarray(top * (1 - fy) + bottom * fy, dtype=np.float32)
