"""Evening dresses and swimsuits."""

import numpy as np

from demo.drawing.curves import CENTRE, Point, between, both, mirror, parallel, spline, symmetric
from demo.drawing.cut import Cut
from demo.drawing.scene import Fold, band, fan
from demo.garments.clothes.dresses import falling_folds


def evening_dress(cut: Cut) -> None:
    top = cut.pick("top", ("spaghetti straps", "one shoulder", "strapless", "halter neck"))
    fit = cut.pick("fit", ("A-line", "mermaid", "column"))
    hem = {"A-line": 236.0, "mermaid": 216.0, "column": 150.0}[fit]
    knee = {"A-line": 176.0, "mermaid": 98.0, "column": 122.0}[fit]
    necks: dict[str, list[Point]] = {
        "spaghetti straps": [(CENTRE, 330), (CENTRE + 50, 286), (CENTRE + 76, 258, 1)],
        "one shoulder": [(CENTRE, 300), (CENTRE + 60, 250), (CENTRE + 110, 176, 1), (CENTRE + 140, 186, 1)],
        "strapless": [(CENTRE, 318, 1), (CENTRE + 48, 288), (CENTRE + 96, 290, 1)],
        "halter neck": [(CENTRE, 214), (CENTRE + 34, 196), (CENTRE + 58, 178, 1)],
    }
    rest: list[Point] = [
        (CENTRE + 116, 344, 1), (CENTRE + 110, 410), (CENTRE + 92, 478), (CENTRE + 128, 590),
        (CENTRE + knee, 780),
        (CENTRE + hem * 0.84, 1000), (CENTRE + hem, 1126, 1),
    ]  # fmt: skip
    right = spline([*necks[top], *rest], steps=14)
    left = mirror(right)[::-1]
    if top == "one shoulder":
        bare: list[Point] = [(CENTRE, 300), (CENTRE + 56, 322), (CENTRE + 110, 340, 1)]
        left = mirror(spline([*bare, *rest], steps=14))[::-1]
    if top in ("spaghetti straps", "halter neck"):
        _gown_back(cut, top)
    t = np.linspace(1, -1, 70)[1:-1]
    wave = cut.between(4, 9)
    bottom = np.stack(
        [CENTRE + hem * t, 1126 + 16 * (1 - t * t) + wave * np.sin(t * 15) * np.cos(t * 4)], axis=1
    )
    folds = [
        *falling_folds(cut, 100, hem, 560, 1126, count=int(cut.between(9, 14)), depth=13),
        *_gathers(cut),
    ]
    cut.sketch.panel(
        np.concatenate([right, bottom, left]), edge=8, volume=130, crumple=0.4, drape=0.12, folds=tuple(folds)
    )
    if cut.chance(0.4) and fit != "mermaid":
        _slit(cut, hem)


def _gown_back(cut: Cut, top: str) -> None:
    if top == "spaghetti straps":
        for line in both(spline([(CENTRE + 76, 264), (CENTRE + 80, 214), (CENTRE + 72, 160)])):
            cut.sketch.panel(band(line, 6), edge=3, volume=0, lift=2, crumple=0)
    else:
        line = spline(
            [(CENTRE - 56, 184), (CENTRE - 30, 156), (CENTRE, 148), (CENTRE + 30, 156), (CENTRE + 56, 184)]
        )
        cut.sketch.panel(band(line, 22), tone=0.7, edge=5, volume=0, lift=1)
    behind = symmetric(
        (CENTRE, 350), (CENTRE + 60, 340), (CENTRE + 108, 352), (CENTRE + 50, 390), (CENTRE, 392)
    )
    cut.sketch.panel(behind, tone=0.5, edge=4, volume=40, lift=0)


def _gathers(cut: Cut) -> list[Fold]:
    """Ruching that crosses the bodice towards one hip."""
    folds = []
    for i in range(7):
        y = 330 + i * 32
        folds.append(
            Fold(between((CENTRE - 104 + i * 2, y - 10), (CENTRE + 96 - i, y + 34), -12), 17, 6.5 * (-1) ** i)
        )
    folds += fan(cut.rng, (CENTRE + 88, 500), (CENTRE - 30, 760), count=5, spread=13, width=20, depth=8)
    return folds


def _slit(cut: Cut, hem: float) -> None:
    cut.words["slit"] = "side slit"
    shape = spline(
        [
            (CENTRE + 66, 770, 1),
            (CENTRE + 74, 930),
            (CENTRE + hem * 0.52, 1142, 1),
            (CENTRE + hem * 0.30, 1143, 1),
            (CENTRE + 60, 960),
        ],
        closed=True,
    )
    cut.sketch.panel(shape, tone=0.42, edge=5, volume=20, lift=0, crumple=0.2)


def swimsuit(cut: Cut) -> None:
    neck = cut.pick("neck", ("scoop neck", "V-neck", "square neck"))
    leg = cut.between(730, 790)
    fronts: dict[str, list[Point]] = {
        "scoop neck": [(CENTRE, 400), (CENTRE + 54, 360), (CENTRE + 76, 290), (CENTRE + 78, 196, 1)],
        "V-neck": [(CENTRE, 470, 1), (CENTRE + 48, 350), (CENTRE + 70, 196, 1)],
        "square neck": [(CENTRE, 372), (CENTRE + 70, 368, 1), (CENTRE + 78, 196, 1)],
    }
    front = fronts[neck]
    rest: list[Point] = [
        (CENTRE + 108, 196, 1), (CENTRE + 106, 300), (CENTRE + 132, 392), (CENTRE + 138, 440),
        (CENTRE + 116, 560), (CENTRE + 126, 640),
        (CENTRE + 152, leg, 1), (CENTRE + 96, 830), (CENTRE + 46, 914), (CENTRE + 36, 950, 1), (CENTRE, 954),
    ]  # fmt: skip
    right = spline([*front, *rest], steps=14)
    back = symmetric(
        (CENTRE, 470),
        (CENTRE + 50, 440),
        (CENTRE + 88, 330),
        (CENTRE + 80, 188, 1),
        (CENTRE + 104, 188, 1),
        (CENTRE + 122, 400),
        (CENTRE + 100, 520),
        (CENTRE, 540),
    )
    cut.sketch.panel(back, tone=0.5, edge=5, volume=60, lift=0, crumple=0.1)
    folds: list[Fold] = []
    for side in (-1, 1):
        folds += fan(
            cut.rng,
            (CENTRE + side * 116, 590),
            (CENTRE + side * 10, 560),
            count=4,
            spread=14,
            width=16,
            depth=4,
        )
        folds += fan(
            cut.rng,
            (CENTRE + side * 46, 900),
            (CENTRE + side * 80, 720),
            count=3,
            spread=12,
            width=14,
            depth=4,
        )
    cut.sketch.panel(
        np.concatenate([right, mirror(right)[::-1]]), edge=9, volume=120, crumple=0.18, folds=tuple(folds)
    )
    for line in both(spline([(CENTRE + 144, leg + 2), (CENTRE + 90, 824), (CENTRE + 38, 912)])):
        cut.sketch.stitch(line)
    inner = spline(front, steps=12)
    for line in both(parallel(inner, 8)):
        cut.sketch.stitch(line)
    if cut.chance(0.35):
        waist = spline([(CENTRE - 119, 552), (CENTRE, 566), (CENTRE + 119, 552)])
        cut.sketch.panel(band(waist, 30), material="trim", edge=5, volume=0, lift=2, crumple=0.1)
