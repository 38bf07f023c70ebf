"""Summer dresses and skirts."""

from dataclasses import replace

import numpy as np

from demo.drawing.curves import CENTRE, Line, between, both, mirror, outline, parallel, spline, symmetric
from demo.drawing.cut import Cut
from demo.drawing.scene import Fold, band, fan
from demo.garments.clothes.bodice import Bodice
from demo.garments.clothes.collars import neck_trim
from demo.garments.clothes.sleeves import short_sleeves


def skirt_outline(
    waist: float, hem: float, top: float, low: float, *, wave: float, hips: float = 0.0
) -> Line:
    """A skirt from waist to hem (half widths); the hem undulates by `wave` pixels."""
    right = spline(
        [
            (CENTRE, top, 1), (CENTRE + waist, top + 2, 1),
            (CENTRE + waist + (hem - waist) * 0.34 + hips, top + (low - top) * 0.3),
            (CENTRE + waist + (hem - waist) * 0.72 + hips * 0.4, top + (low - top) * 0.68),
            (CENTRE + hem, low - 18, 1),
        ],
        steps=14,
    )  # fmt: skip
    t = np.linspace(1, -1, 60)[1:-1]
    hem_line = np.stack(
        [CENTRE + hem * t, low - 18 * t * t + wave * np.sin(t * 13 + 1) * np.cos(t * 5)], axis=1
    )
    return np.concatenate([right, hem_line, mirror(right)[::-1]])


def falling_folds(
    cut: Cut, waist: float, hem: float, top: float, low: float, *, count: int, depth: float
) -> tuple[Fold, ...]:
    """Folds of gathered cloth, from the waist down, wider towards the hem."""
    folds = []
    for i in range(count):
        share = (i + 0.5) / count * 2 - 1 + cut.between(-0.5, 0.5) / count
        start = (CENTRE + waist * share * 0.94, top + cut.between(2, 0.3 * (low - top)))
        end = (CENTRE + hem * share * 0.97, low + 14)
        line = between(start, end, cut.between(-9, 9) - 10 * share)
        width = hem / count * cut.between(0.7, 1.25)
        folds.append(Fold(line, width, depth * cut.between(0.7, 1.2) * (-1) ** i))
    return tuple(folds)


def summer_dress(cut: Cut) -> None:
    top = cut.pick("top", ("straps", "short sleeves", "sleeveless"))
    length = cut.pick("length", ("mini", "knee-length", "midi"))
    low = {"mini": 790, "knee-length": 900, "midi": 1030}[length] + cut.between(-20, 20)
    waist_y = cut.between(500, 530)
    waist, hem = 122.0, cut.between(215, 285)
    if top == "straps":
        _strappy_top(cut, waist, waist_y)
    else:
        _sleeved_top(cut, waist_y, sleeves=top == "short sleeves")
    skirt = skirt_outline(waist, hem, waist_y - 8, low, wave=cut.between(3, 8))
    folds = falling_folds(cut, waist, hem, waist_y, low, count=int(cut.between(10, 16)), depth=11)
    cut.sketch.panel(skirt, edge=8, volume=150, lift=1, crumple=0.3, drape=0.18, folds=folds)
    _waist(cut, waist, waist_y)


def _strappy_top(cut: Cut, waist: float, waist_y: float) -> None:
    for line in both(spline([(CENTRE + 82, 322), (CENTRE + 86, 240), (CENTRE + 78, 176)])):
        cut.sketch.panel(band(line, 15), edge=5, volume=0, lift=2, crumple=0.1)
    behind = symmetric(
        (CENTRE, 372), (CENTRE + 80, 356), (CENTRE + 128, 392), (CENTRE + 60, 420), (CENTRE, 420)
    )
    cut.sketch.panel(behind, tone=0.58, edge=4, volume=40, lift=0)
    sweet = cut.chance(0.5)
    front = symmetric(
        (CENTRE, 370 if sweet else 392, 1), (CENTRE + 44, 336), (CENTRE + 84, 314, 1), (CENTRE + 116, 352),
        (CENTRE + 140, 396, 1),
        (CENTRE + 132, 450), (CENTRE + waist, waist_y, 1), (CENTRE, waist_y + 2),
    )  # fmt: skip
    cut.sketch.panel(front, edge=8, volume=110, crumple=0.4, folds=_bust_folds(cut, waist_y))
    for line in both(spline([(CENTRE + 3, 378 if sweet else 400), (CENTRE + 46, 345), (CENTRE + 82, 324)])):
        cut.sketch.stitch(line)
    for line in both(spline([(CENTRE + 66, waist_y), (CENTRE + 74, 450), (CENTRE + 84, 400)])):
        cut.sketch.seam(line, 0.7)


def _bust_folds(cut: Cut, waist_y: float) -> tuple[Fold, ...]:
    folds: list[Fold] = []
    for side in (-1, 1):
        folds += fan(
            cut.rng,
            (CENTRE + side * 70, waist_y - 4),
            (CENTRE + side * 64, 396),
            count=3,
            spread=18,
            width=14,
            depth=5,
        )
        folds += fan(
            cut.rng,
            (CENTRE + side * 132, 410),
            (CENTRE + side * 40, 440),
            count=3,
            spread=16,
            width=13,
            depth=5,
        )
    return tuple(folds)


def _sleeved_top(cut: Cut, waist_y: float, *, sleeves: bool) -> None:
    neck = cut.pick("neck", ("scoop neck", "V-neck", "crew neck"))
    body = Bodice.cut(cut, neck=neck, length=waist_y + 6, width=0.80, waist=6)
    body = replace(body, waist_y=waist_y - 50, waist_x=126.0, hem_x=124.0, dip=2.0, chest_y=396)
    body.back(cut)
    if sleeves:
        short_sleeves(cut, body, length=cut.between(0.72, 0.95), width=1.15)
    cut.sketch.panel(body.front_outline(), edge=8, volume=110, crumple=0.4, folds=_bust_folds(cut, waist_y))
    if sleeves:
        body.armholes(cut)
    else:
        x, y = CENTRE + body.chest_x, body.shoulder_y
        edge = spline([(CENTRE + body.shoulder_x - 6, y), (x - 19, y + 90), (x - 6, body.chest_y)])
        for line in both(edge):
            cut.sketch.stitch(line)
    neck_trim(cut, body, width=10, material="main")


def _waist(cut: Cut, waist: float, y: float) -> None:
    line = spline([(CENTRE - waist, y - 3), (CENTRE, y + 3), (CENTRE + waist, y - 3)])
    finish = cut.pick("waist", ("seam", "belt", "seam"))
    if finish == "seam":
        cut.sketch.seam(line)
        return
    cut.sketch.panel(band(line, 26), material="trim", edge=6, volume=0, lift=4, crumple=0.2)
    for dx, dy, turn in ((-52, -6, -1), (52, -6, 1)):
        loop = outline(
            (CENTRE, y + 2, 1),
            (CENTRE + dx * 0.6, y - 26),
            (CENTRE + dx, y + dy),
            (CENTRE + dx * 0.6, y + 20),
        )
        cut.sketch.panel(loop, material="trim", edge=8, volume=10, lift=4, crumple=0.3)
        tail = spline([(CENTRE, y + 4), (CENTRE + turn * 14, y + 60), (CENTRE + turn * 24, y + 130)])
        cut.sketch.panel(band(tail, [14, 22, 24]), material="trim", edge=5, volume=0, lift=3, crumple=0.3)
    knot = outline((CENTRE - 12, y - 12), (CENTRE + 12, y - 12), (CENTRE + 11, y + 15), (CENTRE - 11, y + 15))
    cut.sketch.panel(knot, material="trim", edge=6, volume=0, lift=3)


def skirt(cut: Cut) -> None:
    style = cut.pick("fit", ("A-line", "pleated", "pencil", "mini"))
    low = {"A-line": 800, "pleated": 900, "pencil": 820, "mini": 640}[style] + cut.between(-20, 20)
    waist = 142.0
    hem = {"A-line": 262, "pleated": 290, "pencil": 158, "mini": 220}[style] + cut.between(-10, 14)
    top = 300.0
    inside = symmetric(
        (CENTRE, top - 2), (CENTRE + waist - 12, top - 8), (CENTRE + waist - 30, top + 16), (CENTRE, top + 22)
    )
    cut.sketch.panel(inside, tone=0.5, edge=3, volume=0, lift=0)
    shape = skirt_outline(
        waist,
        hem,
        top + 6,
        low,
        wave=2 if style in ("pencil", "mini") else 7,
        hips=36 if style == "pencil" else 8,
    )
    count = {"A-line": 12, "pleated": 26, "pencil": 5, "mini": 7}[style]
    depth = {"A-line": 11.0, "pleated": 9.0, "pencil": 5.0, "mini": 7.0}[style]
    folds = falling_folds(cut, waist, hem, top + 40, low, count=count, depth=depth)
    cut.sketch.panel(
        shape, edge=8, volume=140, crumple=0.3, drape=0.08 if style == "pencil" else 0.15, folds=folds
    )
    waistband = spline([(CENTRE - waist, top + 2), (CENTRE, top + 26), (CENTRE + waist, top + 2)])
    cut.sketch.panel(band(waistband, 44), edge=6, volume=0, lift=3, crumple=0.15)
    for away in (-17, 17):
        cut.sketch.stitch(parallel(waistband, away))
    if style in ("mini", "pencil") and cut.chance(0.6):
        for y in np.linspace(top + 26, low - 40, 6):
            cut.sketch.button(CENTRE, float(y), 9, cut.button)
        cut.sketch.seam(between((CENTRE + 18, top + 50), (CENTRE + 18, low)))
