"""Sleeves: short, long, sleeve ends with ribbing or a buttoned cuff."""

from typing import Unpack

import numpy as np

from demo.drawing.curves import CENTRE, Line, between, both, outline, parallel, section, spline
from demo.drawing.cut import Cut
from demo.drawing.scene import Fold, PanelProperties, fan
from demo.garments.clothes.bodice import Bodice


def short_sleeves(
    cut: Cut, body: Bodice, *, length: float = 1.0, width: float = 1.0, **properties: Unpack[PanelProperties]
) -> None:
    sx, sy, cx, cy = CENTRE + body.shoulder_x, body.shoulder_y, CENTRE + body.chest_x, body.chest_y
    out, drop, wide = 96 * length, 196 * length, (width - 1) * 40
    tip, inner = (sx + out + wide, sy + drop), (cx + 20 + 10 * length, cy + 40 * length)
    shape = outline(
        (sx - 4, sy - 1, 1), (sx + 36 + wide, sy + 32), (sx + out * 0.74 + wide, sy + drop * 0.55), (*tip, 1),
        ((tip[0] + inner[0]) / 2 + 2, (tip[1] + inner[1]) / 2 + 9), (*inner, 1), (cx + 4, cy + 14),
        (cx - 2, cy, 1),
        (cx - 14, sy + 90),
    )  # fmt: skip
    folds = (
        *fan(cut.rng, (cx + 4, cy - 6), (sx + 62, sy + 60), count=4, spread=20, width=15, depth=6.5),
        *fan(cut.rng, (sx, sy + 30), (sx + 66, sy + drop - 30), count=2, spread=20, width=18, depth=4.5),
    )
    options: PanelProperties = {"grain": -24.0, "volume": 48, "edge": 8, "crumple": 0.45, "folds": folds}
    cut.sketch.pair(shape, **(options | properties))
    edge = spline([tip, ((tip[0] + inner[0]) / 2 + 2, (tip[1] + inner[1]) / 2 + 9), inner])
    for line in both(section(parallel(edge, 15), 0.06, 0.94)):
        cut.sketch.stitch(line)


def long_sleeves(
    cut: Cut, body: Bodice, *, length: float = 1.0, width: float = 1.0, **properties: Unpack[PanelProperties]
) -> Line:
    """Both long sleeves, creased at the elbow; returns the right sleeve's open end, outer point first."""
    sx, sy, cx, cy = CENTRE + body.shoulder_x, body.shoulder_y, CENTRE + body.chest_x, body.chest_y
    reach, wide = 556 * length, 26 * (width - 1)
    end = np.array([[sx + 84 + wide, sy + reach], [sx + 22 - wide * 0.4, sy + reach + 12]])
    shape = outline(
        (sx - 4, sy - 1, 1), (sx + 38 + wide, sy + 44), (sx + 70 + wide, sy + reach * 0.3),
        (sx + 84 + wide, sy + reach * 0.62), (*end[0], 1), (end.mean(axis=0)[0], end.mean(axis=0)[1] + 6),
        (*end[1], 1),
        (sx + 4 - wide, sy + reach * 0.68), (cx + 5, cy + 110), (cx - 2, cy + 2, 1), (cx - 14, sy + 90),
    )  # fmt: skip
    options: PanelProperties = {
        "grain": -6.0, "volume": 52, "edge": 9, "crumple": 0.5, "folds": _elbow_folds(cut, body, reach),
    }  # fmt: skip
    cut.sketch.pair(shape, **(options | properties))
    return end


def _elbow_folds(cut: Cut, body: Bodice, reach: float) -> tuple[Fold, ...]:
    rng = cut.rng
    sx, sy, cx, cy = CENTRE + body.shoulder_x, body.shoulder_y, CENTRE + body.chest_x, body.chest_y
    folds = list(fan(rng, (cx + 4, cy + 6), (sx + 66, sy + 80), count=4, spread=22, width=16, depth=7))
    for step in range(5):
        y = sy + reach * (0.44 + step * 0.1) + rng.normal(0, 9)
        start, end = (sx + rng.uniform(4, 24), y + rng.uniform(22, 58)), (sx + rng.uniform(64, 84), y)
        folds.append(
            Fold(between(start, end, rng.normal(7, 5)), rng.uniform(13, 20), rng.choice([7.5, -6.0, 6.0]))
        )
    folds.append(Fold(between((sx + 34, sy + 70), (sx + 60, sy + reach - 20), -8), 30, 5.0))
    return tuple(folds)


def ribbed_cuffs(cut: Cut, end: Line, *, height: float = 46, material: str = "trim") -> None:
    (ox, oy), (ix, iy) = end
    shape = outline(
        (ox + 1, oy - 4, 1), (ox - 7, oy + height, 1), (ix + 8, iy + height, 1), (ix - 1, iy - 4, 1)
    )
    cut.sketch.pair(shape, material=material, grain=-4.0, edge=9, volume=22, lift=1.5, crumple=0.1)


def buttoned_cuffs(cut: Cut, end: Line, button: str) -> None:
    (ox, oy), (ix, iy) = end
    shape = outline((ox + 3, oy - 8, 1), (ox + 1, oy + 46, 1), (ix - 1, iy + 44, 1), (ix - 4, iy - 6, 1))
    cut.sketch.pair(shape, edge=5, volume=24, lift=2.5, crumple=0.2, grain=-4.0)
    for height in (0, 40):
        for line in both(between((ox + 2, oy + height - 2), (ix - 3, iy + height))):
            cut.sketch.stitch(line)
    for x in (ix + 12, 2 * CENTRE - ix - 12):
        cut.sketch.button(x, iy + 18, 6.5, button)
