"""Belts, ties and socks."""

import numpy as np

from demo.drawing.curves import (
    CENTRE,
    Line,
    between,
    ellipse,
    outline,
    rectangle,
    rotated,
    rounded,
    section,
    spline,
    symmetric,
)
from demo.drawing.cut import Cut
from demo.drawing.scene import Fold, band, fan


def belt(cut: Cut) -> None:
    width = cut.between(64, 92)
    level, reach, deep = 620.0, 318.0, 96.0
    t = np.linspace(np.pi, 2 * np.pi, 60)
    back = np.stack([CENTRE + (reach - 14) * np.cos(t), level - 40 + deep * np.sin(t)], axis=1)
    cut.sketch.panel(_hoop(back, width * 0.92), material="lining", edge=5, volume=0, lift=0, crumple=0.05)
    front = np.stack([CENTRE + reach * np.cos(t), level - deep * 0.9 * np.sin(t)], axis=1)
    _stitched_strap(cut, front, width)
    over = section(front, 0.42, 0.86) + np.array([0.0, 5.0])
    _stitched_strap(cut, over, width * 0.96)
    for i in range(5):
        _hole(cut, *over[14 + i * 3])
    x, y = front[35]
    keeper = rectangle(x - 15, y - width * 0.57, x + 15, y + width * 0.61)
    cut.sketch.panel(keeper, edge=6, volume=0, lift=4, crumple=0)
    _belt_buckle(cut, front[25], width)
    cut.sketch.standing = True


def _hoop(line: Line, width: float) -> Line:
    down = np.array([0.0, width / 2])
    return np.concatenate([line - down, (line + down)[::-1]])


def _stitched_strap(cut: Cut, line: Line, width: float) -> None:
    cut.sketch.panel(_hoop(line, width), edge=8, volume=18, lift=5, crumple=0.07)
    for share in (-0.37, 0.37):
        cut.sketch.stitch(line + np.array([0.0, width * share]))


def _hole(cut: Cut, x: float, y: float) -> None:
    cut.sketch.ink(
        f'<ellipse cx="{x:.1f}" cy="{y:.1f}" rx="4" ry="5.4" fill="#0b0a0a" fill-opacity=".8"/>'
        f'<path d="M{x - 3:.1f} {y + 5:.1f}q3 3 6 0" stroke="#fff" stroke-opacity=".3" fill="none"/>',
        ellipse(x, y, 8, 9),
    )


def _belt_buckle(cut: Cut, at: Line, width: float) -> None:
    x, y = float(at[0]), float(at[1])
    reach, tall = width * 0.62, width * 0.70
    if cut.pick("buckle", ("square buckle", "round buckle")) == "square buckle":
        frame, opening = rounded(x, y, reach, tall, 0.14), rounded(x, y, reach * 0.72, tall * 0.74, 0.1)
    else:
        frame, opening = ellipse(x, y, reach, tall), ellipse(x, y, reach * 0.74, tall * 0.76)
    cut.sketch.panel(frame, material="metal", holes=(opening,), edge=8, volume=0, lift=5, crumple=0)
    tongue = band(between((x - reach * 0.9, y), (x + reach * 0.95, y + 2)), 9)
    cut.sketch.panel(tongue, material="metal", edge=5, volume=0, lift=3, crumple=0)


def tie(cut: Cut) -> None:
    blade = cut.between(66, 88)
    half = [(CENTRE + 84, 138), (CENTRE + 92, 196), (CENTRE + 20, 236)]
    loop = spline([*((2 * CENTRE - x, y) for x, y in reversed(half)), (CENTRE, 112), *half])
    cut.sketch.panel(band(section(loop, 0.3, 0.7), 30), tone=0.55, edge=6, volume=0, lift=0, crumple=0.1)
    for part, widths, grain in (
        (section(loop, 0, 0.36), [24, 36], 40.0),
        (section(loop, 0.64, 1), [36, 24], -40.0),
    ):
        cut.sketch.panel(band(part, widths), edge=8, volume=0, lift=3, crumple=0.1, grain=grain)
    tail = outline(
        (CENTRE + 2, 330, 1),
        (CENTRE + 30, 330, 1),
        (CENTRE + 48, 900, 1),
        (CENTRE + 26, 940, 1),
        (CENTRE + 2, 900, 1),
    )
    cut.sketch.panel(tail, tone=0.75, edge=7, volume=0, lift=2, crumple=0.1)
    front = outline(
        (CENTRE - 24, 292, 1), (CENTRE + 24, 292, 1), (CENTRE + blade * 0.72, 640), (CENTRE + blade, 1000, 1),
        (CENTRE, 1084, 1), (CENTRE - blade, 1000, 1), (CENTRE - blade * 0.72, 640),
    )  # fmt: skip
    folds = (
        *fan(cut.rng, (CENTRE, 296), (CENTRE - 6, 470), count=3, spread=7, width=16, depth=8),
        Fold(between((CENTRE + 6, 300), (CENTRE - 4, 560), 6), 20, -7),
    )
    cut.sketch.panel(front, edge=12, volume=30, lift=5, crumple=0.16, folds=folds, grain=35.0)
    knot = symmetric((CENTRE, 214), (CENTRE + 40, 222), (CENTRE + 34, 262), (CENTRE + 26, 306), (CENTRE, 312))
    dimple = Fold(between((CENTRE - 32, 232), (CENTRE + 22, 300), 4), 14, 4)
    cut.sketch.panel(knot, edge=15, volume=20, lift=6, crumple=0.15, grain=-35.0, folds=(dimple,))


def socks(cut: Cut) -> None:
    length = cut.pick("length", ("crew", "ankle", "knee-high"))
    top = {"crew": 400.0, "ankle": 560.0, "knee-high": 180.0}[length]
    ends = "accent" if cut.chance(0.4) else "trim"
    _sock(cut, top, np.array([120.0, -40.0]), -5.0, 0.94, ends)
    _sock(cut, top, np.array([-40.0, 0.0]), 3.0, 1.0, ends)


def _sock(cut: Cut, top: float, shift: Line, turn: float, tone: float, ends: str) -> None:
    def placed(line: Line) -> Line:
        return rotated(line + shift, turn, (CENTRE, 700))

    foot = outline(
        (398, top, 1), (540, top, 1), (536, 640), (540, 760), (554, 850), (520, 912), (450, 926), (340, 950),
        (240, 990), (176, 968), (168, 910), (232, 862), (330, 812), (392, 752), (404, 660),
    )  # fmt: skip
    folds = [
        *fan(cut.rng, (398, 772), (556, 850), count=4, spread=13, width=18, depth=7),
        *fan(cut.rng, (400, 760), (540, 700), count=2, spread=13, width=20, depth=5),
    ]
    creases = tuple(Fold(placed(fold.line), fold.width, fold.depth) for fold in folds)
    cut.sketch.panel(placed(foot), edge=14, volume=50, lift=6, crumple=0.4, folds=creases, tone=tone)
    heel = outline((553, 842, 1), (548, 800), (506, 822), (462, 868), (456, 923, 1), (516, 910))
    toe = outline((180, 966, 1), (172, 914), (206, 880, 1), (234, 916), (242, 986, 1))
    for part in (heel, toe):
        cut.sketch.panel(placed(part), material=ends, edge=12, volume=20, lift=0.6, crumple=0.2, tone=tone)
    cuff = outline((394, top - 4, 1), (544, top - 4, 1), (541, top + 74, 1), (398, top + 74, 1))
    cut.sketch.panel(placed(cuff), material="trim", edge=11, volume=30, lift=1.5, crumple=0.1, tone=tone)
