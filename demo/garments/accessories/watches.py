"""Wrist watches from the front."""

import numpy as np

from demo.drawing.curves import CENTRE, between, ellipse, outline, rectangle, rounded
from demo.drawing.cut import Cut

LEVEL = 600.0
HANDS = "#26241f"


def watch(cut: Cut) -> None:
    square = cut.pick("case", ("round case", "round case", "square case")) == "square case"
    size, half = cut.between(148, 170), cut.between(74, 92)
    for up in (-1, 1):
        _strap(cut, half, up)
    _case(cut, size, square=square)
    _dial(cut, size * 0.76)


def _strap(cut: Cut, half: float, up: int) -> None:
    near, end = LEVEL + up * 110, LEVEL + up * 440
    shape = outline(
        (CENTRE - half, near, 1), (CENTRE + half, near, 1), (CENTRE + half * 0.8, end - up * 20),
        (CENTRE + half * 0.7, end, 1), (CENTRE - half * 0.7, end, 1), (CENTRE - half * 0.8, end - up * 20),
    )  # fmt: skip
    cut.sketch.panel(shape, edge=12, volume=30, lift=4, crumple=0.12)
    thread = "#efe6d2" if cut.dark else "#000"
    for side in (-1, 1):
        start = (CENTRE + side * (half - 10), LEVEL + up * 150)
        line = between(start, (CENTRE + side * (half * 0.7 - 8), end - up * 12))
        cut.sketch.stitch(line, thread, opacity=0.6)


def _case(cut: Cut, size: float, *, square: bool) -> None:
    crown = rectangle(CENTRE + size - 4, LEVEL - 17, CENTRE + size + 22, LEVEL + 17)
    cut.sketch.panel(crown, material="metal", edge=6, volume=0, lift=2, crumple=0)
    for dx, up in ((-1, -1), (-1, 1), (1, -1), (1, 1)):
        corners = ((0.40, 0.8), (0.72, 0.66), (0.66, 1.16), (0.46, 1.16))
        lug = outline(*((CENTRE + dx * size * x, LEVEL + up * size * y, 1) for x, y in corners))
        cut.sketch.panel(lug, material="metal", edge=7, volume=0, lift=3, crumple=0)
    side = size * 0.92
    shape = rounded(CENTRE, LEVEL, side, side) if square else ellipse(CENTRE, LEVEL, size, size, steps=90)
    cut.sketch.panel(shape, material="metal", edge=16, volume=0, lift=6, crumple=0)


def _dial(cut: Cut, radius: float) -> None:
    face = ellipse(CENTRE, LEVEL, radius, radius, steps=90)
    cut.sketch.panel(face, material="dial", edge=5, volume=0, lift=0, crumple=0, gloss=0.4)
    hands = _ray(-0.38, -0.28, 8) + _ray(0.40, -0.58, 6)
    drawing = (
        f'<g stroke="{HANDS}" stroke-linecap="round">{"".join(_mark(i) for i in range(60))}</g>'
        '<g transform="translate(.02 .03)" stroke="#000" stroke-opacity=".25" stroke-linecap="round">'
        f'{hands}</g><g stroke="{HANDS}" stroke-linecap="round">{hands}</g>{_ray(0.1, 0.78, 2.4, "#b4462f")}'
        '<circle r=".07" fill="#c9c5ba" stroke="#555" stroke-width=".012"/>'
        '<path d="M-.82 -.2A.86 .86 0 0 1 .1 -.84L-.2 .1Z" fill="#fff" fill-opacity=".13"/>'
    )
    cut.sketch.ink(f'<g transform="translate({CENTRE} {LEVEL}) scale({radius:.2f})">{drawing}</g>', face)


def _ray(x: float, y: float, width: float, colour: str = "") -> str:
    """A hand from the middle of a dial of radius 1; width in 1/125 of the radius."""
    stroke = f' stroke="{colour}"' if colour else ""
    return f'<path d="M0 0L{x} {y}" stroke-width="{width / 125:.4f}"{stroke}/>'


def _mark(minute: int) -> str:
    angle = np.radians(minute * 6)
    x, y = float(np.sin(angle)), -float(np.cos(angle))
    inner, width = (0.80, 0.04) if minute % 5 == 0 else (0.90, 0.013)
    return (
        f'<path d="M{x * inner:.4f} {y * inner:.4f}L{x * 0.95:.4f} {y * 0.95:.4f}" stroke-width="{width}"/>'
    )
