"""Totes and clutches."""

from demo.drawing.curves import (
    CENTRE,
    Line,
    between,
    both,
    ellipse,
    moved,
    outline,
    parallel,
    rectangle,
    spline,
    symmetric,
)
from demo.drawing.cut import Cut
from demo.drawing.scene import Fold, band, fan
from demo.garments.accessories.hardware import rivet, zip_line


def tote(cut: Cut) -> None:
    wide, low = cut.between(230, 270), cut.between(860, 930)
    top, flare = 470.0, cut.between(-6, 26)
    reach = cut.between(200, 270)
    far = moved(_handle(top, reach - 10), 6, 0)
    cut.sketch.panel(band(far, 26), material="handle", tone=0.62, edge=9, volume=0, lift=4, crumple=0.1)
    _tote_body(cut, wide, flare, top, low)
    near = _handle(top, reach)
    cut.sketch.panel(band(near, 26), material="handle", edge=9, volume=0, lift=4, crumple=0.1)
    for away in (9, -9):
        cut.sketch.stitch(parallel(near, away))
    for x in (CENTRE - 96, CENTRE + 96):
        patch = outline(
            (x - 20, top + 18, 1),
            (x + 20, top + 18, 1),
            (x + 20, top + 74, 1),
            (x, top + 90),
            (x - 20, top + 74, 1),
        )
        cut.sketch.panel(patch, material="handle", edge=5, volume=0, lift=3, crumple=0.1)
        cut.sketch.stitch(parallel(patch, 5))
        rivet(cut, x, top + 48, 6)
    cut.sketch.standing = True


def _handle(top: float, reach: float) -> Line:
    half = [(CENTRE + 60, top - reach * 0.9), (CENTRE + 92, top - reach * 0.5), (CENTRE + 96, top + 40)]
    left = [(2 * CENTRE - x, y) for x, y in reversed(half)]
    return spline([*left, (CENTRE, top - reach), *half])


def _tote_body(cut: Cut, wide: float, flare: float, top: float, low: float) -> None:
    rim = wide + flare
    back = symmetric(
        (CENTRE, top - 14), (CENTRE + rim - 6, top - 12, 1), (CENTRE + wide, top + 30, 1), (CENTRE, top + 40)
    )
    cut.sketch.panel(back, tone=0.5, edge=4, volume=30, lift=0)
    body = symmetric(
        (CENTRE, top + 12), (CENTRE + rim, top - 4, 1), (CENTRE + wide + flare * 0.4, (top + low) / 2),
        (CENTRE + wide - 8, low - 26), (CENTRE + wide - 34, low, 1), (CENTRE, low + 4),
    )  # fmt: skip
    folds: list[Fold] = []
    for side in (-1, 1):
        handle, corner = (CENTRE + side * 98, top + 60), (CENTRE + side * (wide - 24), low - 14)
        folds += fan(cut.rng, handle, (CENTRE + side * 120, low - 90), count=3, spread=16, width=30, depth=6)
        folds += fan(cut.rng, corner, (CENTRE + side * 60, low - 160), count=3, spread=18, width=24, depth=5)
    cut.sketch.panel(body, edge=15, volume=110, crumple=0.5, folds=tuple(folds))
    cut.sketch.stitch(spline([(CENTRE - rim, top + 20), (CENTRE, top + 36), (CENTRE + rim, top + 20)]))
    for line in both(spline([(CENTRE + rim - 26, top + 4), (CENTRE + wide - 30, low - 30)])):
        cut.sketch.seam(line, 0.8)
    if cut.chance(0.35):
        cut.words["pocket"] = "front pocket"
        x, y = wide * 0.55, top + 150
        cut.sketch.panel(
            rectangle(CENTRE - x, y, CENTRE + x, low - 50), edge=5, volume=0, lift=3, crumple=0.3
        )
        cut.sketch.stitch(between((CENTRE - x + 6, y + 14), (CENTRE + x - 6, y + 14)))
    else:
        cut.sketch.seam(
            spline([(CENTRE - wide - 2, low - 90), (CENTRE, low - 82), (CENTRE + wide + 2, low - 90)])
        )


TOP, LOW = 470.0, 790.0


def clutch(cut: Cut) -> None:
    style = cut.pick("style", ("envelope", "box", "pouch"))
    wide = cut.between(270, 300)
    if style == "box":
        _chain(cut, wide)
    elif cut.chance(0.6):
        _wrist_loop(cut, wide)
    body = symmetric(
        (CENTRE, TOP), (CENTRE + wide - 10, TOP + 2), (CENTRE + wide, TOP + 24),
        (CENTRE + wide + 4, LOW - 24),
        (CENTRE + wide - 14, LOW), (CENTRE, LOW + 3),
    )  # fmt: skip
    slack = fan(cut.rng, (CENTRE, TOP + 30), (CENTRE, LOW - 20), count=6, spread=28, width=30, depth=5)
    firm = style == "box"
    cut.sketch.panel(body, edge=18, volume=90, crumple=0.12 if firm else 0.4, folds=() if firm else slack)
    {"envelope": _envelope, "box": _frame, "pouch": _zipped}[style](cut, wide)
    cut.sketch.standing = True


def _wrist_loop(cut: Cut, wide: float) -> None:
    cut.words["strap"] = "wrist loop"
    left = CENTRE - wide
    loop = spline(
        [
            (left + 16, TOP + 40),
            (left - 50, TOP + 130),
            (left - 40, TOP + 270),
            (left + 2, TOP + 250),
            (left + 6, TOP + 60),
        ]
    )
    cut.sketch.panel(band(loop, 16), edge=6, volume=0, lift=3, crumple=0.1)


def _chain(cut: Cut, wide: float) -> None:
    cut.words["strap"] = "chain strap"
    half = [(CENTRE + wide * 0.7, TOP - 150), (CENTRE + wide - 30, TOP + 6)]
    line = spline([*((2 * CENTRE - x, y) for x, y in reversed(half)), (CENTRE, TOP - 220), *half])
    cut.sketch.stroke(line, "#000", width=9, opacity=0.25)
    cut.sketch.stroke(line, "#b3924e", width=8, opacity=1, dash="9 3.5")
    cut.sketch.stroke(parallel(line, -1.6), "#f6e7ba", width=2, opacity=0.9, dash="9 3.5")


def _envelope(cut: Cut, wide: float) -> None:
    point = TOP + cut.between(150, 215)
    flap = symmetric(
        (CENTRE, TOP - 6), (CENTRE + wide - 8, TOP - 4), (CENTRE + wide + 2, TOP + 20, 1),
        (CENTRE + 60, point - 22),
        (CENTRE, point),
    )  # fmt: skip
    cut.sketch.panel(flap, edge=10, volume=30, lift=7, crumple=0.2)
    half = [(CENTRE + 56, point - 34), (CENTRE + wide - 10, TOP + 22)]
    cut.sketch.stitch(
        spline([*((2 * CENTRE - x, y) for x, y in reversed(half)), (CENTRE, point - 14), *half])
    )
    clasp = ellipse(CENTRE, point - 36, 16, 16)
    cut.sketch.panel(clasp, material="metal", edge=8, volume=0, lift=3, crumple=0)


def _frame(cut: Cut, wide: float) -> None:
    """A metal frame with the two balls of a kiss lock."""
    half = [(CENTRE + wide - 8, TOP - 2), (CENTRE + wide, TOP + 30)]
    line = spline([*((2 * CENTRE - x, y) for x, y in reversed(half)), (CENTRE, TOP - 6), *half])
    cut.sketch.panel(band(line, 17), material="metal", edge=7, volume=0, lift=3, crumple=0)
    for dx in (-13, 13):
        ball = ellipse(CENTRE + dx, TOP - 22, 15, 15)
        cut.sketch.panel(ball, material="metal", edge=12, volume=0, lift=2, crumple=0)


def _zipped(cut: Cut, wide: float) -> None:
    zip_line(
        cut, spline([(CENTRE - wide + 20, TOP + 26), (CENTRE, TOP + 24), (CENTRE + wide - 20, TOP + 26)])
    )
