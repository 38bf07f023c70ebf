"""Finishes of a neckline: ribbing and turned shirt collars."""

import numpy as np

from demo.drawing.curves import CENTRE, both, parallel, section, spline, symmetric
from demo.drawing.cut import Cut
from demo.drawing.scene import band
from demo.garments.clothes.bodice import Bodice


def neck_trim(cut: Cut, body: Bodice, *, width: float = 15, material: str = "trim") -> None:
    """Ribbing around the neck: the back part seen from inside, the front part from outside."""
    x, y = body.neck_x, body.neck_y
    half = [(CENTRE, y + 25), (CENTRE + x * 0.55, y + 18), (CENTRE + x - 3, y + 6)]
    back = spline([*((2 * CENTRE - px, py) for px, py in reversed(half[1:])), *half])
    cut.sketch.panel(band(back, width), material=material, tone=0.8, edge=4, volume=0, lift=1.5, crumple=0)
    whole = body.neckline()
    sides = (section(whole, 0, 0.5), section(whole, 0.5, 1)) if body.neck == "V-neck" else (whole,)
    for front in sides:
        front = section(
            front,
            0 if front is sides[-1] and len(sides) > 1 else 0.05,
            1 if front is sides[0] and len(sides) > 1 else 0.95,
        )
        shape = np.concatenate([parallel(front, -width * 0.45), parallel(front, width * 0.55)[::-1]])
        cut.sketch.panel(shape, material=material, edge=5, volume=0, lift=2, crumple=0)
    cut.sketch.stitch(section(parallel(whole, width * 0.85), 0.1, 0.9))


def turned_collar(cut: Cut, *, reach: float = 1.0, material: str = "main", stitched: bool = True) -> None:
    """A folded shirt collar: the fall around the back of the neck and the two leaves in front."""
    back = symmetric(
        (CENTRE, 152),
        (CENTRE + 54, 154),
        (CENTRE + 86, 172),
        (CENTRE + 78, 206),
        (CENTRE + 40, 190),
        (CENTRE, 184),
    )
    cut.sketch.panel(back, material=material, tone=0.78, edge=6, volume=20, lift=2, crumple=0.1)
    leaf = spline(
        [
            (CENTRE + 1, 258, 1), (CENTRE + 34, 214), (CENTRE + 66, 176), (CENTRE + 84, 163),
            (CENTRE + 100, 184),
            (CENTRE + 108 * reach, 236), (CENTRE + 100 * reach, 262 + 50 * reach, 1), (CENTRE + 50, 286),
        ],
        closed=True,
    )  # fmt: skip
    cut.sketch.pair(leaf, material=material, edge=5, volume=0, lift=6, crumple=0.2, grain=40.0)
    edge = spline(
        [
            (CENTRE + 8, 258),
            (CENTRE + 50, 278),
            (CENTRE + 94 * reach, 254 + 48 * reach, 1),
            (CENTRE + 101 * reach, 230),
            (CENTRE + 95, 190),
        ]
    )
    for line in both(edge) if stitched else ():
        cut.sketch.stitch(line)
