"""Backpacks, seen from the front."""

from demo.drawing.curves import CENTRE, Line, between, both, moved, parallel, rectangle, spline, symmetric
from demo.drawing.cut import Cut
from demo.drawing.scene import Fold, band, fan
from demo.garments.accessories.hardware import prong_buckle, zip_line

TOP, LOW = 340.0, 905.0


def backpack(cut: Cut) -> None:
    style = cut.pick("style", ("zip", "flap", "roll-top"))
    wide = cut.between(225, 262)
    _straps(cut, wide)
    _body(cut, wide)
    if style == "zip":
        arc = [(CENTRE + wide * 0.66, TOP + 110), (CENTRE + wide * 0.8, TOP + 250)]
        zip_line(cut, _arched(arc, TOP + 62))
    _front_pocket(cut, wide)
    if style != "zip":
        _flap(cut, wide, 150 if style == "roll-top" else 250)
    for side in (-1, 1):
        pocket = symmetric(
            (CENTRE, LOW - 190), (CENTRE + 26, LOW - 186, 1), (CENTRE + 30, LOW - 40),
            (CENTRE + 12, LOW - 20, 1),
            (CENTRE, LOW - 18),
        )  # fmt: skip
        cut.sketch.panel(moved(pocket, side * (wide - 16), 0), edge=9, volume=16, lift=3, crumple=0.3)
    cut.sketch.standing = True


def _arched(half: list[tuple[float, float]], top: float) -> Line:
    """A symmetric arch: right half from the top down, and its crown."""
    return spline([*((2 * CENTRE - x, y) for x, y in reversed(half)), (CENTRE, top), *half])


def _straps(cut: Cut, wide: float) -> None:
    edge = CENTRE + wide
    line = spline([(CENTRE + 110, TOP + 20), (edge + 46, TOP + 130), (edge + 66, 640), (edge - 10, LOW - 60)])
    for strap in both(line):
        cut.sketch.panel(band(strap, [44, 54, 48, 26]), tone=0.72, edge=10, volume=20, lift=2, crumple=0.2)
    handle = _arched([(CENTRE + 42, TOP - 36), (CENTRE + 46, TOP + 18)], TOP - 58)
    cut.sketch.panel(band(handle, 21), material="handle", edge=8, volume=0, lift=3, crumple=0)


def _body(cut: Cut, wide: float) -> None:
    edge = CENTRE + wide
    body = symmetric(
        (CENTRE, TOP), (CENTRE + wide * 0.55, TOP + 8), (CENTRE + wide * 0.9, TOP + 76), (edge, TOP + 230),
        (edge + 6, LOW - 150), (edge - 8, LOW - 40), (edge - 56, LOW), (CENTRE, LOW + 6),
    )  # fmt: skip
    folds: list[Fold] = []
    for side in (-1, 1):
        corner, shoulder = (CENTRE + side * (wide - 30), LOW - 30), (CENTRE + side * wide * 0.7, TOP + 40)
        folds += fan(cut.rng, corner, (CENTRE + side * 100, LOW - 260), count=4, spread=14, width=26, depth=7)
        folds += fan(
            cut.rng, shoulder, (CENTRE + side * 60, TOP + 190), count=3, spread=16, width=24, depth=6
        )
    cut.sketch.panel(body, edge=22, volume=120, crumple=0.45, folds=tuple(folds))
    piping = spline(
        [
            (CENTRE + wide * 0.52, TOP + 30), (CENTRE + wide * 0.78, TOP + 96), (edge - 40, TOP + 240),
            (edge - 36, LOW - 140), (edge - 44, LOW - 30),
        ]
    )  # fmt: skip
    for line in both(piping):
        cut.sketch.panel(band(line, 8), material="handle", edge=4, volume=0, lift=1.5, crumple=0)


def _front_pocket(cut: Cut, wide: float) -> None:
    x, top = wide * 0.74, LOW - 268
    shape = symmetric(
        (CENTRE, top), (CENTRE + x * 0.7, top + 6), (CENTRE + x, top + 50), (CENTRE + x + 6, LOW - 80),
        (CENTRE + x - 26, LOW - 30), (CENTRE, LOW - 26),
    )  # fmt: skip
    folds = fan(cut.rng, (CENTRE, LOW - 40), (CENTRE, top + 60), count=5, spread=26, width=26, depth=5)
    cut.sketch.panel(shape, edge=18, volume=60, lift=6, crumple=0.4, folds=folds)
    zip_line(cut, spline([(CENTRE - x + 18, top + 56), (CENTRE, top + 48), (CENTRE + x - 18, top + 56)]))
    patch = rectangle(CENTRE - 34, top + 110, CENTRE + 34, top + 146)
    cut.sketch.panel(patch, material="handle", edge=4, volume=0, lift=2, crumple=0)
    cut.sketch.stitch(rectangle(CENTRE - 30, top + 114, CENTRE + 30, top + 142))


def _flap(cut: Cut, wide: float, depth: float) -> None:
    edge, low = CENTRE + wide, TOP + depth
    shape = symmetric(
        (CENTRE, TOP - 8), (CENTRE + wide * 0.62, TOP), (CENTRE + wide * 0.96, TOP + 60),
        (edge + 4, TOP + depth * 0.7),
        (edge - 40, low), (CENTRE, low + 8),
    )  # fmt: skip
    cut.sketch.panel(shape, edge=18, volume=70, lift=8, crumple=0.4)
    cut.sketch.stitch(spline([(CENTRE - wide + 42, low - 14), (CENTRE, low - 6), (edge - 42, low - 14)]))
    for x in (CENTRE - 100, CENTRE + 100):
        strap = between((x, TOP + depth * 0.5), (x, low + 96))
        cut.sketch.panel(band(strap, 28), material="handle", edge=6, volume=0, lift=4, crumple=0.1)
        for away in (-9, 9):
            cut.sketch.stitch(parallel(strap, away))
        prong_buckle(cut, x, low + 22)
