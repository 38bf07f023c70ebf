"""Boots, seen from the side with the toe to the left."""

import numpy as np

from demo.drawing.curves import between, ellipse, outline, parallel, section, spline
from demo.drawing.cut import Cut
from demo.drawing.scene import Fold, band, fan
from demo.garments.footwear.soles import GROUND, as_pair, sole

SHAFT_TOP = {"Chelsea boots": 420.0, "lace-up boots": 360.0, "ankle boots": 430.0, "knee-high boots": 150.0}


def boots(cut: Cut) -> None:
    style = cut.pick("style", tuple(SHAFT_TOP))
    top = SHAFT_TOP[style]
    dressy = style in ("ankle boots", "knee-high boots") and cut.wearer == "women"
    heel = cut.between(34, 54) + (34 if dressy else 0)
    base, lift = GROUND - 24, heel * 0.55
    mouth = outline(
        (480, top + 4), (584, top - 14), (704, top), (690, top + 40), (580, top + 46), (488, top + 34)
    )
    cut.sketch.panel(mouth, material="lining", tone=0.5, edge=5, volume=20, lift=0)
    upper = spline(
        [
            (140, base + 6, 1), (126, base - 32), (148, base - 82), (222, base - 116), (346, base - 150),
            (440, base - 216),
            (478, base - 300), (480, top + 6, 1), (584, top + 24), (704, top, 1),
            (704, (top + base) / 2 - 20),
            (712, base - 150 - lift * 0.5), (746, base - 70 - lift), (746, base - lift, 1),
            (560, base - lift * 0.9),
            (430, base - 2),
        ],
        closed=True,
    )  # fmt: skip
    cut.sketch.panel(upper, edge=17, volume=90, crumple=0.35, folds=_folds(cut, base, top, style))
    cut.sketch.seam(
        spline([(690, top + 30), (678, base - 230), (644, base - 130), (560, base - 104), (430, base - 4)]),
        0.7,
    )
    {"Chelsea boots": _elastic, "lace-up boots": _laces}.get(style, _zip)(cut, base, top)
    _stacked_sole(cut, base, lift)
    as_pair(cut)


def _folds(cut: Cut, base: float, top: float, style: str) -> tuple[Fold, ...]:
    """Where the ankle and the toes bend, and where a tall shaft slouches."""
    folds = [
        *fan(cut.rng, (466, base - 240), (700, base - 190), count=5, spread=13, width=22, depth=8),
        *fan(cut.rng, (356, base - 136), (310, base - 16), count=4, spread=16, width=17, depth=6),
    ]
    if style == "knee-high boots":
        folds += [Fold(between((484, y), (700, y + 34), 14), 30, 7) for y in (top + 120, top + 220)]
    return tuple(folds)


def _elastic(cut: Cut, base: float, top: float) -> None:
    shape = spline(
        [(556, top + 24, 1), (640, top + 20, 1), (628, base - 220), (598, base - 170, 1), (574, base - 220)],
        closed=True,
    )
    cut.sketch.panel(shape, material="elastic", edge=4, volume=20, lift=0, crumple=0)
    rim = [(548, top + 24), (566, base - 220), (598, base - 158), (636, base - 220), (648, top + 20)]
    cut.sketch.stitch(spline(rim))
    for x, tilt in ((690, 10), (482, -6)):
        loop = spline([(x, top + 40), (x + tilt, top - 22), (x + 16 + tilt, top - 20), (x + 14, top + 40)])
        cut.sketch.panel(band(loop, 9), material="elastic", edge=3, volume=0, lift=2, crumple=0)


def _laces(cut: Cut, base: float, top: float) -> None:
    front = spline([(350, base - 152), (438, base - 222), (484, base - 300), (490, top + 14)])
    placket = np.concatenate([parallel(front, -2), parallel(front, 44)[::-1]])
    cut.sketch.panel(placket, edge=6, volume=0, lift=2.5, crumple=0.15)
    cut.sketch.stitch(parallel(front, 38))
    for i, share in enumerate(np.linspace(0.04, 0.96, 9)):
        x, y = front[round(float(share) * (len(front) - 1))]
        lace = spline([(x - 18, y - 10), (x + 2, y - 4), (x + 24, y + (12 if i < 4 else 4))])
        cut.sketch.panel(band(lace, 10), material="lace", edge=4, volume=0, lift=3, crumple=0)
        eyelet = (
            f'<circle cx="{x + 27:.1f}" cy="{y + 12:.1f}" r="5.5" fill="#8f8a7e"/>'
            f'<circle cx="{x + 27:.1f}" cy="{y + 12:.1f}" r="3" fill="#1a1816"/>'
        )
        cut.sketch.ink(eyelet, ellipse(x + 27, y + 12, 8, 8))


def _zip(cut: Cut, base: float, top: float) -> None:
    line = spline([(596, top + 26), (592, base - 200), (580, base - 56)])
    cut.sketch.stroke(line, width=9, opacity=0.35)
    cut.sketch.stroke(line, "#9a968c", width=3, opacity=0.75, dash="1.8 2.2")
    for away in (10, -10):
        cut.sketch.stitch(parallel(line, away))


def _stacked_sole(cut: Cut, base: float, lift: float) -> None:
    top = spline(
        [(130, base + 8), (240, base + 6), (430, base), (560, base - lift * 0.92), (752, base - lift - 2)]
    )
    bottom = spline(
        [
            (136, GROUND - 8),
            (240, GROUND),
            (430, GROUND - 2),
            (560, base + 14 - lift * 0.8),
            (754, base + 16 - lift),
        ]
    )
    sole(cut, top, bottom, "outsole")
    block = outline(
        (594, base + 4 - lift * 0.9, 1), (752, base + 8 - lift, 1), (746, GROUND, 1), (616, GROUND, 1)
    )
    cut.sketch.panel(block, material="outsole", edge=7, volume=0, lift=1, crumple=0)
    cut.sketch.stitch(parallel(section(top, 0.02, 0.98), -5), "#d8c9a4", opacity=0.4)
