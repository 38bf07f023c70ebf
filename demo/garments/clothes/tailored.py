"""Shirts, blazers and coats: tops that button in front."""

import numpy as np

from demo.drawing.curves import CENTRE, Line, between, both, mirror, outline, parallel, spline, symmetric
from demo.drawing.cut import Cut
from demo.drawing.scene import band
from demo.garments.clothes.bodice import Bodice
from demo.garments.clothes.collars import turned_collar
from demo.garments.clothes.sleeves import buttoned_cuffs, long_sleeves, short_sleeves


def shirt(cut: Cut) -> None:
    sleeve = cut.pick("sleeve", ("long sleeves", "long sleeves", "short sleeves"))
    body = Bodice.cut(cut, neck="shirt", length=cut.between(840, 890), width=cut.between(0.95, 1.04))
    body.back(cut, drop=8)
    if sleeve == "long sleeves":
        buttoned_cuffs(cut, long_sleeves(cut, body, length=0.93), cut.button)
    else:
        short_sleeves(cut, body, length=1.1, width=1.2)
    body.front(cut, shape=_tailed(body), hem_stitch=False)
    low = body.hem_y - 6
    strip = outline(
        (CENTRE - 17, 252, 1), (CENTRE + 17, 252, 1), (CENTRE + 17, low, 1), (CENTRE - 17, low, 1)
    )
    cut.sketch.panel(strip, edge=4, volume=0, lift=2.5, crumple=0.15)
    for x in (CENTRE - 13, CENTRE + 13):
        cut.sketch.stitch(between((x, 262), (x, low - 2)))
    for y in np.linspace(300, low - 74, 7):
        cut.sketch.button(CENTRE, float(y), 7, cut.button)
    for line in both(between((CENTRE + 96, 214), (CENTRE + body.shoulder_x - 4, body.shoulder_y + 26))):
        cut.sketch.seam(line)
    if cut.chance(0.6):
        _flap_pocket(cut, CENTRE + 96, 372)
    turned_collar(cut, reach=cut.between(0.94, 1.06))


def _tailed(body: Bodice) -> Line:
    """The front with the hem curving up at the sides."""
    shape = body.front_outline()
    below = shape[:, 1] > body.waist_y + 60
    aside = np.clip(np.abs(shape[:, 0] - CENTRE) / body.hem_x - 0.45, 0, 1) / 0.55
    lifted: Line = shape.copy()
    fall = np.clip((shape[:, 1] - body.waist_y - 60) / (body.hem_y - body.waist_y - 60), 0, 1) ** 3
    lifted[:, 1] -= np.where(below, 62 * aside**1.4 * fall, 0)
    return lifted


def _flap_pocket(cut: Cut, x: float, y: float) -> None:
    shape = outline((x - 42, y, 1), (x + 42, y, 1), (x + 42, y + 78, 1), (x, y + 92, 1), (x - 42, y + 78, 1))
    cut.sketch.panel(shape, edge=3, volume=0, lift=1.5, crumple=0.15)
    cut.sketch.stitch(
        parallel(
            spline(
                [(x - 42, y, 1), (x - 42, y + 78, 1), (x, y + 92, 1), (x + 42, y + 78, 1), (x + 42, y, 1)]
            ),
            -5,
        )
    )
    cut.sketch.stitch(between((x - 40, y + 14), (x + 40, y + 14)))


def blazer(cut: Cut) -> None:
    body = Bodice.cut(
        cut, neck="jacket", length=cut.between(830, 870), width=0.98, waist=16 if cut.wearer == "women" else 6
    )
    buttons = cut.pick("closing", ("two-button", "one-button"))
    _tailored_front(
        cut, body, 505 if buttons == "two-button" else 545, 2 if buttons == "two-button" else 1, spread=1.0
    )
    for line in both(between((CENTRE + 58, 690), (CENTRE + 146, 682))):
        _welt(cut, line, 30)
    _welt(cut, between((CENTRE + 70, 392), (CENTRE + 138, 382)), 18)


def coat(cut: Cut) -> None:
    body = Bodice.cut(
        cut, neck="jacket", length=cut.between(1010, 1080), width=1.02, waist=14, flare=cut.between(16, 44)
    )
    style = cut.pick("closing", ("single-breasted", "double-breasted", "belted"))
    _tailored_front(cut, body, 440, {"single-breasted": 3, "double-breasted": 3, "belted": 2}[style],
    spread=1.18,
                    double=style == "double-breasted", straight=True)  # fmt: skip
    for line in both(between((CENTRE + 72, 742), (CENTRE + 168, 722))):
        _welt(cut, line, 30)
    if style == "belted":
        _tied_belt(cut, body)


def _tailored_front(
    cut: Cut,
    body: Bodice,
    roll: float,
    buttons: int,
    *,
    spread: float,
    double: bool = False,
    straight: bool = False,
) -> None:
    """Two fronts that overlap below the roll line, the lapels and the collar on top."""
    neck_x, low = body.neck_x, body.hem_y
    inside = symmetric(
        (CENTRE, 186),
        (CENTRE + 60, 184),
        (CENTRE + 92, 196, 1),
        (CENTRE + 96, 320),
        (CENTRE + 50, roll),
        (CENTRE, roll + 40),
    )
    cut.sketch.panel(inside, material="lining", tone=0.75, edge=4, volume=80, lift=0, crumple=0.5)
    tag = outline((CENTRE - 24, 212, 1), (CENTRE + 24, 212, 1), (CENTRE + 24, 240, 1), (CENTRE - 24, 240, 1))
    cut.sketch.panel(tag, material="label", edge=2, volume=0, lift=1, crumple=0)
    end = long_sleeves(cut, body, length=1.02, width=1.15)
    _sleeve_buttons(cut, end)
    lap = 70.0 if double else 18.0
    hem = [(CENTRE - lap, low, 1)] if straight else [(CENTRE - lap + 2, low - 90), (CENTRE + 34, low, 1)]
    edge = spline([(CENTRE + neck_x, body.neck_y, 1), (CENTRE - lap, roll, 1), *hem], steps=12)
    folds = body.folds(cut, 0.55)
    right = body.half_front(edge)
    # The right front overlaps the left one.
    for front, lift in ((mirror(right), 3), (right, 7)):
        cut.sketch.panel(front, lift=lift, volume=130, edge=8, crumple=0.4, drape=0.1, folds=folds)
    body.armholes(cut)
    for line in both(spline([(CENTRE + 98, 430), (CENTRE + 92, 560), (CENTRE + 104, 690)])):
        cut.sketch.seam(line, 0.6)
    _lapels(cut, body, roll, lap, spread)
    gap = 96.0
    for i in range(buttons):
        cut.sketch.button(CENTRE, roll + 16 + i * gap, 12, cut.button)
        if double:
            cut.sketch.button(CENTRE - lap + 16, roll + 16 + i * gap, 12, cut.button)
            cut.sketch.button(CENTRE + lap + 6, roll + 16 + i * gap, 12, cut.button)


def _lapels(cut: Cut, body: Bodice, roll: float, lap: float, spread: float) -> None:
    """Collar and lapels; the right one crosses over the left."""
    wide = 150 * spread
    notch = (CENTRE + 112 * spread, 300.0)
    lapel = outline(
        (CENTRE + 66, 250, 1), (*notch, 1), (CENTRE + wide, 296 - 8 * spread, 1), (CENTRE + wide * 0.8, 376),
        (CENTRE + 30, roll - 40), (CENTRE - lap, roll + 2, 1), (CENTRE + 22, (roll + 250) / 2),
    )  # fmt: skip
    collar = outline(
        (CENTRE + 62, 176), (CENTRE + 82, 160), (CENTRE + 104, 180), (CENTRE + 132 * spread, 258, 1),
        (notch[0] + 2, notch[1] - 4, 1), (CENTRE + 64, 254, 1), (CENTRE + 52, 214),
    )  # fmt: skip
    back = symmetric(
        (CENTRE, 150),
        (CENTRE + 56, 152),
        (CENTRE + 90, 176),
        (CENTRE + 74, 216),
        (CENTRE + 40, 196),
        (CENTRE, 190),
    )
    cut.sketch.panel(back, edge=6, volume=0, lift=3, crumple=0.15, tone=0.86)
    for flip in (True, False):
        for shape, grain in ((collar, 40.0), (lapel, 24.0)):
            turn = mirror(shape) if flip else shape
            cut.sketch.panel(turn, edge=5, volume=0, lift=6, crumple=0.2, grain=-grain if flip else grain)


def _sleeve_buttons(cut: Cut, end: Line) -> None:
    x, y = end[0] * 0.2 + end[1] * 0.8
    for i in range(3):
        for side in (x + 3, 2 * CENTRE - x - 3):
            cut.sketch.button(side, y - 22 - i * 17, 6.5, cut.button)


def _welt(cut: Cut, line: Line, height: float) -> None:
    shape = np.concatenate([line, (line + np.array([0, height]))[::-1]])
    cut.sketch.panel(shape, edge=4, volume=0, lift=2.5, crumple=0.1)
    cut.sketch.seam(line)


def _tied_belt(cut: Cut, body: Bodice) -> None:
    y = body.waist_y + 6
    x = body.waist_x
    line = spline(
        [
            (CENTRE - x + 2, y - 6),
            (CENTRE - x / 2, y + 4),
            (CENTRE, y + 8),
            (CENTRE + x / 2, y + 4),
            (CENTRE + x - 2, y - 6),
        ]
    )
    cut.sketch.panel(band(line, 50), edge=7, volume=0, lift=5, crumple=0.3)
    for end, width in (((CENTRE + 62, y + 250), 46), ((CENTRE + 14, y + 220), 44)):
        tail = spline([(CENTRE + 20, y + 6), (CENTRE + 34, y + 90), end])
        cut.sketch.panel(band(tail, [30, width, width]), edge=7, volume=0, lift=4, crumple=0.4)
    knot = outline((CENTRE - 4, y - 22), (CENTRE + 40, y - 24), (CENTRE + 46, y + 32), (CENTRE + 2, y + 36))
    cut.sketch.panel(knot, edge=12, volume=20, lift=5, crumple=0.4)
