"""A flat sandal, seen from the side with the toe to the left."""

import numpy as np

from demo.drawing.curves import Line, moved, outline, parallel, section, spline
from demo.drawing.cut import Cut
from demo.drawing.scene import band
from demo.garments.footwear.soles import GROUND, as_pair, buckle, sole

# How far the half of a strap that lies beyond the foot shows behind the near one.
BEYOND = (34.0, -13.0)


def sandals(cut: Cut) -> None:
    style = cut.pick("style", ("two-strap sandals", "cross-strap sandals", "T-bar sandals"))
    base = GROUND - cut.between(44, 66)
    straps = _straps(style, base, cut.between(0.9, 1.15))
    ankle = style == "T-bar sandals" or (style == "cross-strap sandals" and cut.chance(0.6))
    for shape, _edges, _middle in straps:
        cut.sketch.panel(moved(shape, *BEYOND), tone=0.5, edge=6, volume=0, lift=0, crumple=0)
    if ankle:
        far = spline([(574, base - 186), (590, base - 208), (660, base - 214), (722, base - 196)])
        cut.sketch.panel(band(far, [18, 22, 24]), tone=0.5, edge=6, volume=0, lift=0, crumple=0)
    _bed(cut, base)
    for shape, edges, middle in straps:
        cut.sketch.panel(shape, edge=12, volume=34, lift=4, crumple=0.15)
        for edge in edges:
            cut.sketch.stitch(edge)
        if style == "two-strap sandals":
            buckle(cut, middle, 34)
    if style == "T-bar sandals":
        bar = spline([(316, base - 84), (420, base - 112), (520, base - 150), (590, base - 178)])
        cut.sketch.panel(band(bar, [24, 22, 22, 24]), edge=8, volume=0, lift=4, crumple=0.05)
    if ankle:
        _ankle_strap(cut, base)
    tread = spline([(176, GROUND - 6), (300, GROUND - 2), (560, GROUND - 2), (748, GROUND - 5)])
    cut.sketch.panel(band(tread, 10), material="outsole", edge=3, volume=0, lift=0, crumple=0)
    as_pair(cut, 84, -52)


def _bed(cut: Cut, base: float) -> None:
    """The footbed, hollowed for the heel and raised at the arch, on its cork."""
    bed = spline(
        [
            (142, base - 4), (200, base - 30), (360, base - 26), (520, base - 34), (640, base - 28),
            (730, base - 42), (768, base - 18), (740, base + 12), (520, base + 12), (300, base + 12),
            (172, base + 12),
        ],
        closed=True,
    )  # fmt: skip
    cut.sketch.panel(bed, material="footbed", edge=8, volume=20, lift=0, crumple=0.1)
    top = spline([(136, base + 2), (300, base + 10), (520, base + 4), (640, base + 8), (772, base - 8)])
    bottom = spline([(140, GROUND - 22), (180, GROUND - 5), (300, GROUND), (560, GROUND),
                     (738, GROUND), (766, GROUND - 12)])  # fmt: skip
    sole(cut, top, bottom, "cork")


def _straps(style: str, base: float, breadth: float) -> list[tuple[Line, tuple[Line, ...], Line]]:
    """Each strap's near half, the lines of its stitches, and its middle."""
    if style == "two-strap sandals":
        return [_strap(base, 272, 306, 116, 96 * breadth), _strap(base, 456, 486, 140, 84 * breadth)]
    if style == "cross-strap sandals":
        return [_strap(base, 440, 352, 116, 62 * breadth), _strap(base, 250, 342, 124, 62 * breadth)]
    return [_strap(base, 258, 318, 98, 44 * breadth)]


def _strap(
    base: float, foot: float, top: float, height: float, width: float
) -> tuple[Line, tuple[Line, ...], Line]:
    """A strap from the bed at `foot` over the instep at `top`, rounded where it turns away."""
    half = width / 2
    left = spline([(foot - half, base + 6), (foot - half + (top - foot) * 0.35, base - height * 0.55),
                   (top - half * 0.86, base - height)])  # fmt: skip
    right = moved(left, width, 0)
    shape = outline(
        *((float(x), float(y), 1) for x, y in left), (top + half * 0.1, base - height - 15),
        *((float(x), float(y), 1) for x, y in right[::-1]),
    )  # fmt: skip
    inner = tuple(parallel(section(edge, 0.05, 0.9), away) for edge, away in ((left, 7), (right, -7)))
    return shape, inner, (left + right)[len(left) // 2] / 2 - np.array([0.0, 6.0])


def _ankle_strap(cut: Cut, base: float) -> None:
    """The heel's counter, and the strap around the ankle."""
    counter = spline(
        [
            (672, base + 6, 1), (690, base - 90), (694, base - 186, 1), (740, base - 194, 1),
            (758, base - 100), (764, base - 2, 1),
        ],
        closed=True,
    )  # fmt: skip
    cut.sketch.panel(counter, edge=10, volume=24, lift=4, crumple=0.15)
    cut.sketch.stitch(spline([(682, base - 2), (699, base - 90), (702, base - 180)]))
    strap = spline([(738, base - 182), (660, base - 166), (600, base - 170), (572, base - 192)])
    cut.sketch.panel(band(strap, [30, 30, 28, 20]), edge=8, volume=0, lift=4, crumple=0.05)
    buckle(cut, np.array([640.0, base - 167]), 20)
