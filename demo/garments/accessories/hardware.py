"""Zips, cords, buckles, eyelets, rivets: the metal and plastic on clothes and bags."""

import numpy as np

from demo.drawing.curves import CENTRE, Line, between, ellipse, path
from demo.drawing.cut import Cut
from demo.drawing.scene import band


def zipper(cut: Cut, top: float, low: float, x: float = CENTRE) -> None:
    """A metal front zip from top to bottom with its tape and slider."""
    line = between((x, top), (x, low))
    d = path(line)
    cut.sketch.stroke(line, "#000", width=13, opacity=0.28)
    cut.sketch.ink(
        f'<path d="{d}" stroke="#8d8c88" stroke-width="7"/>'
        f'<path d="{d}" stroke="#e6e4de" stroke-width="6" stroke-dasharray="2.2 2.6"/>'
        f'<path d="{d}" stroke="#55534e" stroke-width="1.2"/>',
        line,
    )
    for side in (-12, 12):
        cut.sketch.stitch(line + np.array([side, 0]))
    _puller(cut, x, top + 10)


def zip_line(cut: Cut, line: Line) -> None:
    """A zip that follows a line, with its tape, teeth and puller."""
    d = path(line)
    cut.sketch.stroke(line, width=15, opacity=0.32)
    cut.sketch.ink(
        f'<path d="{d}" fill="none" stroke="#3a3a3c" stroke-width="8"/>'
        f'<path d="{d}" fill="none" stroke="#b9b6ae" stroke-width="5.5" stroke-dasharray="2 2.4"/>',
        line,
    )
    _puller(cut, float(line[-1, 0]), float(line[-1, 1]))


def _puller(cut: Cut, x: float, y: float) -> None:
    cut.sketch.ink(
        f'<rect x="{x - 7:.1f}" y="{y - 10:.1f}" width="14" height="20" rx="4" fill="#bdbab3"/>'
        f'<rect x="{x - 5:.1f}" y="{y + 6:.1f}" width="10" height="36" rx="4" fill="#d6d4cd" '
        'stroke="#77756f"/>'
        f'<path d="M{x - 2:.1f} {y + 12:.1f}v22" stroke="#fff" stroke-opacity=".7" stroke-width="1.5"/>',
        np.array([[x - 8, y - 12], [x + 8, y + 46]]),
    )


def cord(cut: Cut, line: Line) -> None:
    """A drawstring with a metal tip."""
    cut.sketch.panel(band(line, 9), material="cord", edge=4, volume=0, lift=3, crumple=0)
    cut.sketch.panel(band(line[-6:], 10), material="metal", edge=4, volume=0, lift=0, crumple=0)


def prong_buckle(cut: Cut, x: float, y: float, half: float = 21, tall: float = 36) -> None:
    """A brass frame with its prong, on a strap that runs down through (x, y)."""
    left, wide = x - half, 2 * half
    frame = f'x="{left}" width="{wide}" height="{tall}" rx="5" fill="none"'
    cut.sketch.ink(
        f'<rect y="{y + 2}" {frame} stroke="#000" stroke-opacity=".35" stroke-width="8"/>'
        f'<rect y="{y}" {frame} stroke="#b59b66" stroke-width="6.5"/>'
        f'<path d="M{left + 1} {y - 2}h{wide - 4}" stroke="#f3e4b8" stroke-width="2"/>'
        f'<path d="M{x} {y + 4}v{tall - 6}" stroke="#c8ae76" stroke-width="4"/>',
        np.array([[left - 5, y - 6], [x + half + 5, y + tall + 8]]),
    )


def rivet(cut: Cut, x: float, y: float, radius: float, fill: str = "#c2a05f") -> None:
    cut.sketch.ink(
        f'<circle cx="{x + 1:.1f}" cy="{y + 1.6:.1f}" r="{radius * 1.05:.1f}" fill-opacity=".35"/>'
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius:.1f}" fill="{fill}"/>'
        f'<circle cx="{x - radius * 0.3:.1f}" cy="{y - radius * 0.35:.1f}" r="{radius * 0.34:.1f}" '
        'fill="#fff" fill-opacity=".7"/>',
        ellipse(x, y, radius, radius),
    )


def eyelet(cut: Cut, x: float, y: float, radius: float = 6) -> None:
    cut.sketch.ink(
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius}" fill="#a9a59b"/>'
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius * 0.52:.1f}" fill="#1a1816"/>'
        f'<path d="M{x - radius * 0.8:.1f} {y - radius * 0.3:.1f}a{radius} {radius} 0 0 1 {radius * 0.8:.1f} '
        f'-{radius * 0.6:.1f}" fill="none" stroke="#fff" stroke-width="1.2"/>',
        ellipse(x, y, radius, radius),
    )
