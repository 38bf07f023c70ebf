"""Materials and the patterns printed, woven or knitted into them, as tiles of colour."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from demo.drawing.palette import COLOURS, Rgb, blend, shade
from demo.drawing.textures import SIZE, cloud

PATTERNS = ("plain", "striped", "dotted", "plaid", "floral", "denim", "knit", "leather")
Tile = npt.NDArray[np.float32]


@dataclass(frozen=True)
class Material:
    """How a surface looks: colour and pattern, weave, gloss.

    relief: depth of the weave, 0 to 1; tightness: exponent of the highlight; stiffness: 1 hides wrinkles.
    """

    rgb: Rgb
    weave: str = "jersey"
    relief: float = 0.03
    pattern: str = "plain"
    ink: Rgb = (255, 255, 255)
    scale: float = 1.0
    variant: int = 0
    gloss: float = 0.0
    tightness: float = 12.0
    stiffness: float = 0.5
    weave_scale: float = 1.0


def cloth(kind: str, colour: str, pattern: str = "plain", variant: int = 0) -> Material:
    """The material of a product: a weave for the kind, in the colour, with the pattern on it."""
    rgb = COLOURS[colour].rgb
    partner = COLOURS[COLOURS[colour].partners[(0, 0, 1)[variant % 3]]].rgb
    weave, relief, gloss, tightness, stiffness = _WEAVES[kind]
    return Material(
        rgb, weave, relief, pattern, partner, variant=variant, gloss=gloss, tightness=tightness,
        stiffness=stiffness, weave_scale={"knit": 1.45, "rib": 1.45, "straw": 1.9}.get(weave, 1.0),
    )  # fmt: skip


_WEAVES: dict[str, tuple[str, float, float, float, float]] = {
    "jersey": ("jersey", 0.022, 0.02, 6, 0.5),
    "pique": ("canvas", 0.028, 0.02, 6, 0.6),
    "poplin": ("poplin", 0.022, 0.04, 9, 0.55),
    "wool": ("twill", 0.035, 0.01, 5, 0.8),
    "cotton twill": ("twill", 0.028, 0.02, 6, 0.7),
    "denim": ("denim", 0.075, 0.02, 6, 0.75),
    "knit": ("knit", 0.062, 0.01, 5, 0.7),
    "rib": ("rib", 0.06, 0.01, 5, 0.7),
    "fleece": ("fleece", 0.03, 0.01, 5, 0.6),
    "nylon": ("smooth", 0.012, 0.16, 14, 0.3),
    "satin": ("satin", 0.006, 0.30, 8, 0.45),
    "chiffon": ("poplin", 0.02, 0.04, 8, 0.35),
    "stretch": ("smooth", 0.012, 0.07, 9, 0.8),
    "leather": ("leather", 0.035, 0.34, 22, 0.75),
    "patent": ("smooth", 0.006, 0.65, 46, 0.9),
    "suede": ("suede", 0.045, 0.01, 5, 0.8),
    "canvas": ("canvas", 0.04, 0.02, 6, 0.8),
    "straw": ("straw", 0.075, 0.04, 8, 0.9),
    "rubber": ("smooth", 0.01, 0.10, 12, 1.0),
    "metal": ("smooth", 0.004, 0.85, 30, 1.0),
}


def tile(material: Material) -> Tile | None:
    """The material's colours as a seamless (512, 512, 3) tile in 0..1, or None when it is one colour."""
    draw = _DRAW.get(material.pattern)
    return None if draw is None else _tile(material.pattern, material.rgb, material.ink, material.variant)


@lru_cache(maxsize=24)
def _tile(pattern: str, rgb: Rgb, ink: Rgb, variant: int) -> Tile:
    return np.asarray(_DRAW[pattern](rgb, ink, variant), dtype=np.float32)


def _mix(base: Rgb, ink: Rgb, share: Tile) -> Tile:
    low, high = np.array(base, dtype=np.float32) / 255, np.array(ink, dtype=np.float32) / 255
    return np.asarray(low + (high - low) * share[..., None], dtype=np.float32)


def _axes() -> tuple[Tile, Tile]:
    y, x = np.mgrid[0:SIZE, 0:SIZE].astype(np.float32)
    return x, y


def _bars(axis: Tile, period: float, share: float, offset: float = 0.0) -> Tile:
    """1 inside a bar that takes this share of each period, with edges one pixel soft."""
    distance = np.abs(((axis + offset) % period) - period / 2)
    return np.asarray(np.clip(period * share / 2 - distance + 0.5, 0, 1), dtype=np.float32)


def _striped(base: Rgb, ink: Rgb, variant: int) -> Tile:
    _, y = _axes()
    period, share = ((64, 0.36), (32, 0.4), (128, 0.34), (64, 0.22))[variant % 4]
    stripes = _bars(y, period, share)
    if variant % 4 == 2:
        stripes = np.maximum(stripes, _bars(y, period, 0.06, period / 2))
    return _mix(base, ink, stripes * (0.97 + 0.03 * cloud(31, 0.6, 1, 1.2)))


def _pinstriped(base: Rgb, ink: Rgb, variant: int) -> Tile:
    x, _ = _axes()
    period, share = ((32, 0.1), (32, 0.45), (64, 0.06))[variant % 3]
    return _mix(base, ink, _bars(x, period, share) * 0.9)


def _dotted(base: Rgb, ink: Rgb, variant: int) -> Tile:
    x, y = _axes()
    period = (64, 32, 128)[variant % 3]
    radius = period * (0.17, 0.17, 0.19)[variant % 3]

    def dots(dx: float, dy: float) -> Tile:
        gap = np.hypot((x + dx) % period - period / 2, (y + dy) % period - period / 2)
        return np.asarray(np.clip(radius - gap + 0.5, 0, 1), dtype=np.float32)

    return _mix(base, ink, np.maximum(dots(0, 0), dots(period / 2, period / 2)))


def _plaid(base: Rgb, ink: Rgb, variant: int) -> Tile:
    """A tartan: the same stripe sequence as warp and weft; a twill decides which thread is on top."""
    x, y = _axes()
    period = (128, 170.6667, 102.4)[variant % 3]
    dark = shade(base, 0.38)

    def sett(axis: Tile) -> Tile:
        colours = _mix(base, dark, _bars(axis, period, 0.34))
        thin = _bars(axis, period, 0.045, period * 0.5)
        thin = np.maximum(thin, _bars(axis, period, 0.03, period * 0.38) * (variant % 2))
        lines = np.array(ink, dtype=np.float32) / 255
        return np.asarray(colours + (lines - colours) * thin[..., None], dtype=np.float32)

    over = (np.sin(2 * np.pi * (x + y) / 4) > 0).astype(np.float32)[..., None] * 0.3 + 0.35
    return sett(x) * over + sett(y) * (1 - over)


def _floral(base: Rgb, ink: Rgb, variant: int) -> Tile:
    """Scattered five-petalled blossoms with leaves, wrapped around the tile's edges."""
    rng = np.random.default_rng(900 + variant)
    leaf = (64, 92, 56) if sum(base) > 300 else (120, 150, 104)
    blossoms = (ink, blend(ink, (236, 128, 110), 0.55), blend(ink, (250, 214, 120), 0.5))
    canvas = np.full((SIZE, SIZE, 3), np.array(base) / 255, dtype=np.float32)
    spots = [(rng.uniform(0, SIZE), rng.uniform(0, SIZE)) for _ in range(240)]
    kept: list[tuple[float, float]] = []
    for spot in spots:
        gaps = [np.hypot(_wrap(spot[0] - other[0]), _wrap(spot[1] - other[1])) for other in kept]
        if min(gaps, default=99.0) > 58:
            kept.append(spot)
    for i, (cx, cy) in enumerate(kept):
        _blossom(canvas, cx, cy, rng.uniform(17, 30), blossoms[i % 3], leaf, rng)
    return canvas


def _wrap(gap: float | Tile) -> float | Tile:
    return (gap + SIZE / 2) % SIZE - SIZE / 2


def _blossom(
    canvas: Tile, cx: float, cy: float, size: float, petal: Rgb, leaf: Rgb, rng: np.random.Generator
) -> None:
    reach = int(size * 2.2)
    rows = np.arange(int(cy) - reach, int(cy) + reach)
    columns = np.arange(int(cx) - reach, int(cx) + reach)
    dy, dx = (rows - cy)[:, None], (columns - cx)[None, :]
    radius, angle = np.hypot(dx, dy), np.arctan2(dy, dx) + rng.uniform(0, 6)
    patch = canvas[np.ix_(rows % SIZE, columns % SIZE)]

    def paint(mask: npt.NDArray[np.float64], rgb: Rgb) -> None:
        patch[:] += (np.array(rgb, dtype=np.float32) / 255 - patch) * np.clip(mask, 0, 1)[..., None]

    for side in (0.9, 2.6, 4.4)[: 2 + int(rng.integers(0, 2))]:
        along = dx * np.cos(side) + dy * np.sin(side)
        across = -dx * np.sin(side) + dy * np.cos(side)
        shape = (size * 0.34) * np.sin(np.pi * np.clip((along - size * 0.5) / (size * 1.4), 0, 1)) - np.abs(
            across
        )
        paint(shape + 0.5, leaf)
    lobe = size * (0.72 + 0.28 * np.cos(5 * angle))
    paint(lobe - radius + 0.5, petal)
    paint((size * 0.62 * (0.7 + 0.3 * np.cos(5 * angle)) - radius) * 0.08, shade(petal, 0.72))
    paint(size * 0.2 - radius + 0.5, (238, 196, 84))
    canvas[np.ix_(rows % SIZE, columns % SIZE)] = patch


def _denim(base: Rgb, ink: Rgb, variant: int) -> Tile:
    """Indigo warp over white weft: the colour greyed, with slubs."""
    base = blend(base, (92, 104, 124), 0.34)
    fade = 0.03 * cloud(33, 2.4, 1, 12) + 0.05 * cloud(34, 1, 8, 1.4)
    return _mix(base, (214, 220, 226), np.clip(0.1 + fade, 0, 0.5).astype(np.float32))


def _melange(base: Rgb, ink: Rgb, variant: int) -> Tile:
    return _mix(
        base, (250, 248, 244), np.clip(0.1 + 0.1 * cloud(35, 0.8, 0.3, 1.3), 0, 0.6).astype(np.float32)
    )


_DRAW = {
    "striped": _striped,
    "pinstriped": _pinstriped,
    "dotted": _dotted,
    "plaid": _plaid,
    "floral": _floral,
    "denim": _denim,
    "melange": _melange,
}
