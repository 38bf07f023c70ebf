"""The layers of a drawing: cut pieces of material, and lines drawn on them."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import TypedDict, Unpack

import numpy as np

from demo.drawing.curves import Line, mirror, parallel, path, ribbon


@dataclass(frozen=True)
class Fold:
    """A raised (positive depth) or sunken (negative) crease along a line; width and depth in pixels."""

    line: Line
    width: float
    depth: float


@dataclass(frozen=True)
class Panel:
    """A piece of one material.

    grain: degrees the weave is turned; tone: brightness relative to the material's; edge: roundness of the
    rim, volume: height of the bulge, lift: depth of the shadow on the layers below (all in pixels);
    crumple: strength of the random wrinkles, drape: of the long falling folds (0 to 1).
    """

    outline: Line
    material: str = "main"
    grain: float = 0.0
    holes: tuple[Line, ...] = ()
    tone: float = 1.0
    edge: float = 7.0
    volume: float = 60.0
    lift: float = 3.0
    folds: tuple[Fold, ...] = ()
    crumple: float = 0.5
    drape: float = 0.0
    gloss: float = 1.0
    opacity: float = 1.0


class PanelProperties(TypedDict, total=False):
    """Keyword arguments of a Panel, beside its outline."""

    material: str
    grain: float
    holes: tuple[Line, ...]
    tone: float
    edge: float
    volume: float
    lift: float
    folds: tuple[Fold, ...]
    crumple: float
    drape: float
    gloss: float
    opacity: float


@dataclass(frozen=True)
class Ink:
    """SVG drawn flat over the panels before it, within the box (left, top, right, bottom)."""

    svg: str
    box: tuple[float, float, float, float]


@dataclass
class Sketch:
    """One product's drawing, bottom layer first."""

    layers: list[Panel | Ink] = field(default_factory=list)
    standing: bool = False

    def panel(self, outline: Line, **properties: Unpack[PanelProperties]) -> None:
        """Add a piece on top."""
        self.layers.append(Panel(outline, **properties))

    def pair(self, outline: Line, **properties: Unpack[PanelProperties]) -> None:
        """Add a piece and its mirror image."""
        piece = Panel(outline, **properties)
        self.layers += [mirrored(piece), piece]

    def ink(self, svg: str, line: Line, margin: float = 8.0) -> None:
        """Draw SVG that stays within the margin around the line."""
        low, high = line.min(axis=0) - margin, line.max(axis=0) + margin
        self.layers.append(Ink(svg, (float(low[0]), float(low[1]), float(high[0]), float(high[1]))))

    def stroke(
        self, line: Line, colour: str = "#000", *, width: float = 1.6, opacity: float = 0.4, dash: str = ""
    ) -> None:
        self.ink(_stroke(line, colour, width, opacity, dash), line)

    def doubled(self, right: float, down: float, scale: float, tone: float = 0.93) -> None:
        """Put a second copy behind everything drawn so far, as shoes are shown in pairs."""
        self.layers = [
            _placed(layer, (scale, scale), (right, down), tone) for layer in self.layers
        ] + self.layers

    def proportioned(self, across: float, down: float) -> None:
        """Make everything drawn so far wider or narrower, longer or shorter."""
        self.layers = [_placed(layer, (across, down), (0.0, 0.0)) for layer in self.layers]

    def seam(self, line: Line, strength: float = 1.0) -> None:
        """Draw a sewn edge: the groove, and the light on its far side."""
        self.ink(
            _stroke(parallel(line, 1.4), "#fff", 1.2, 0.13 * strength)
            + _stroke(line, "#000", 2.6, 0.10 * strength)
            + _stroke(line, "#000", 1.1, 0.34 * strength),
            line,
        )

    def stitch(self, line: Line, colour: str = "#000", *, opacity: float = 0.32, width: float = 1.2) -> None:
        """Draw topstitching: short threads in a groove."""
        self.ink(
            _stroke(line, "#000", width + 1.4, 0.09)
            + _stroke(parallel(line, 1.0), "#fff", 0.9, 0.12, "4.5 2.5")
            + _stroke(line, colour, width, opacity, "4.5 2.5"),
            line,
        )

    def button(self, x: float, y: float, radius: float, colour: str) -> None:
        """Draw a button with four holes, lit from the upper left."""
        holes = "".join(
            f'<circle cx="{x + dx * radius * 0.24:.1f}" cy="{y + dy * radius * 0.24:.1f}" '
            f'r="{radius * 0.1:.1f}" fill="#000" fill-opacity=".55"/>'
            for dx in (-1, 1)
            for dy in (-1, 1)
        )
        self.ink(
            f'<circle cx="{x + radius * 0.14}" cy="{y + radius * 0.26}" r="{radius * 1.04}" '
            'fill-opacity=".3"/>'
            f'<circle cx="{x}" cy="{y}" r="{radius}" fill="{colour}"/>'
            f'<circle cx="{x}" cy="{y}" r="{radius * 0.84}" fill="none" stroke="#000" stroke-opacity=".22" '
            f'stroke-width="{radius * 0.16}"/>'
            f'<path d="M{x - radius * 0.78} {y - radius * 0.2}A{radius * 0.82} {radius * 0.82} 0 0 1 '
            f'{x + radius * 0.2} {y - radius * 0.78}" fill="none" stroke="#fff" stroke-opacity=".5" '
            f'stroke-width="{radius * 0.16}" stroke-linecap="round"/>{holes}',
            np.array([[x - radius, y - radius], [x + radius, y + radius]]),
        )


def _stroke(line: Line, colour: str, width: float, opacity: float, dash: str = "") -> str:
    dashes = f' stroke-dasharray="{dash}"' if dash else ""
    return (
        f'<path d="{path(line)}" fill="none" stroke="{colour}" stroke-width="{width}" '
        f'stroke-opacity="{opacity:.3f}" stroke-linecap="round"{dashes}/>'
    )


def _placed(
    layer: Panel | Ink, scale: tuple[float, float], shift: tuple[float, float], tone: float = 1.0
) -> Panel | Ink:
    """The layer scaled from the board's corner, then shifted."""
    if isinstance(layer, Ink):
        low, high = (np.array(corner) * scale + shift for corner in (layer.box[:2], layer.box[2:]))
        across, down = scale
        group = f'<g transform="translate({shift[0]} {shift[1]}) scale({across} {down})">{layer.svg}</g>'
        return Ink(group, (float(low[0]), float(low[1]), float(high[0]), float(high[1])))
    return replace(
        layer,
        outline=layer.outline * scale + shift,
        holes=tuple(hole * scale + shift for hole in layer.holes),
        folds=tuple(Fold(fold.line * scale + shift, fold.width, fold.depth) for fold in layer.folds),
        tone=layer.tone * tone,
    )


def mirrored(piece: Panel) -> Panel:
    """The mirror image of the piece, with its weave and folds."""
    return replace(
        piece,
        outline=mirror(piece.outline),
        grain=-piece.grain,
        holes=tuple(mirror(hole) for hole in piece.holes),
        folds=tuple(Fold(mirror(fold.line), fold.width, fold.depth) for fold in piece.folds),
    )


def band(line: Line, width: float | Sequence[float]) -> Line:
    """The outline of a strap, ribbing or cord along the line."""
    return ribbon(line, width)


def fan(
    rng: np.random.Generator,
    origin: tuple[float, float],
    target: tuple[float, float],
    *,
    count: int,
    spread: float,
    width: float = 16.0,
    depth: float = 5.0,
) -> tuple[Fold, ...]:
    """Tension folds that leave one point and open like a fan towards another."""
    folds = []
    for i in range(count):
        swing = (i - (count - 1) / 2) * spread + rng.normal(0, spread / 4)
        reach = rng.uniform(0.65, 1.0)
        angle = np.radians(swing)
        along = (np.array(target) - origin) * reach
        turned = np.array(
            [
                along[0] * np.cos(angle) - along[1] * np.sin(angle),
                along[0] * np.sin(angle) + along[1] * np.cos(angle),
            ]
        )
        t = np.linspace(0.04, 1, 10)[:, None]
        bow = np.array([-turned[1], turned[0]]) * rng.normal(0, 0.06)
        line = np.array(origin) + turned * t + bow * (4 * t * (1 - t))
        folds.append(Fold(line, width * rng.uniform(0.7, 1.3), depth * rng.uniform(0.6, 1.2) * (-1) ** i))
    return tuple(folds)
