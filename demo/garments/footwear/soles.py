"""What all shoes share: the ground they stand on, soles, buckles, and the second shoe of the pair."""

import numpy as np

from demo.drawing.curves import Line
from demo.drawing.cut import Cut

GROUND = 790.0


def as_pair(cut: Cut, right: float = 78.0, down: float = -40.0) -> None:
    """The second shoe behind, a little further up and to the right."""
    scale = 0.95
    cut.sketch.doubled(right, GROUND * (1 - scale) + down, scale, tone=0.86)
    cut.sketch.standing = True


def sole(cut: Cut, top: Line, bottom: Line, material: str = "sole") -> None:
    shape = np.concatenate([top, bottom[::-1]])
    cut.sketch.panel(shape, material=material, edge=9, volume=0, lift=3, crumple=0.0)


def buckle(cut: Cut, at: Line, size: float) -> None:
    """A small brass buckle around a point."""
    x, y = float(at[0]), float(at[1])
    left, top, wide, tall = x - size * 0.62, y - size * 0.8, size * 1.24, size * 1.6
    frame = f'width="{wide:.1f}" height="{tall:.1f}" rx="5" fill="none"'
    cut.sketch.ink(
        f'<rect x="{left:.1f}" y="{top + 2:.1f}" {frame} stroke="#000" stroke-opacity=".4" stroke-width="6"/>'
        f'<rect x="{left:.1f}" y="{top:.1f}" {frame} stroke="#b9a06c" stroke-width="5.5"/>'
        f'<path d="M{left:.1f} {top:.1f}h{wide * 0.9:.1f}" stroke="#f4e6bd" stroke-width="2"/>'
        f'<path d="M{left:.1f} {y:.1f}h{wide:.1f}" stroke="#c9b27c" stroke-width="4"/>',
        np.array([[x - size, y - size], [x + size, y + size]]),
    )
