"""T-shirts, polos, sweaters and hoodies: tops that are pulled on."""

import numpy as np

from demo.drawing.curves import CENTRE, between, both, ellipse, outline, parallel, spline, symmetric
from demo.drawing.cut import Cut
from demo.drawing.scene import Fold, band
from demo.garments.accessories.hardware import cord, eyelet, zipper
from demo.garments.clothes.bodice import Bodice
from demo.garments.clothes.collars import neck_trim, turned_collar
from demo.garments.clothes.sleeves import long_sleeves, ribbed_cuffs, short_sleeves


def tshirt(cut: Cut) -> None:
    necks = (
        ("crew neck", "crew neck", "V-neck", "scoop neck")
        if cut.wearer == "women"
        else ("crew neck", "V-neck")
    )
    neck = cut.pick("neck", necks)
    sleeve = cut.pick("sleeve", ("short sleeves", "short sleeves", "short sleeves", "long sleeves"))
    body = Bodice.cut(cut, neck=neck, length=cut.between(790, 850), width=cut.between(0.95, 1.06))
    body.back(cut)
    if sleeve == "long sleeves":
        end = long_sleeves(cut, body)
        for line in both(between(tuple(end[0] - (1, 18)), tuple(end[1] - (0, 18)))):
            cut.sketch.stitch(line)
    else:
        short_sleeves(cut, body, length=cut.between(0.84, 1.06), width=cut.between(0.9, 1.2))
    body.front(cut)
    neck_trim(cut, body)
    if cut.pattern == "plain" and cut.chance(0.25):
        _chest_pocket(cut)


def _chest_pocket(cut: Cut) -> None:
    cut.words["pocket"] = "chest pocket"
    edge = spline([(506, 356, 1), (506, 434, 1), (548, 452, 1), (590, 434, 1), (590, 356, 1)])
    cut.sketch.panel(edge, edge=3, volume=0, lift=1.5, crumple=0.2)
    cut.sketch.stitch(parallel(edge, -5))
    cut.sketch.stitch(between((508, 370), (588, 370)))


def polo(cut: Cut) -> None:
    body = Bodice.cut(cut, neck="shirt", length=cut.between(800, 850), width=cut.between(0.95, 1.05))
    body.back(cut, drop=8)
    short_sleeves(cut, body, length=cut.between(0.9, 1.05))
    body.front(cut)
    low = cut.between(372, 420)
    strip = outline(
        (CENTRE - 21, 236, 1), (CENTRE + 21, 236, 1), (CENTRE + 21, low, 1), (CENTRE - 21, low, 1)
    )
    cut.sketch.panel(strip, edge=3, volume=0, lift=2, crumple=0.1)
    cut.sketch.stitch(
        spline(
            [
                (CENTRE - 17, 240, 1),
                (CENTRE - 17, low - 4, 1),
                (CENTRE + 17, low - 4, 1),
                (CENTRE + 17, 240, 1),
            ]
        )
    )
    for i in range(3):
        cut.sketch.button(CENTRE, 276 + i * (low - 300) / 2, 8, cut.button)
    turned_collar(cut, material="trim", stitched=False)


def sweater(cut: Cut) -> None:
    style = cut.pick("neck", ("crew neck", "V-neck", "roll neck", "cardigan"))
    neck = {"roll neck": "crew neck", "cardigan": "V-neck"}.get(style, style)
    body = Bodice.cut(cut, neck=neck, length=cut.between(760, 800), width=cut.between(1.0, 1.12))
    body.back(cut)
    end = long_sleeves(cut, body, width=1.35, length=0.95)
    ribbed_cuffs(cut, end)
    body.front(cut, hem_stitch=False, crumple=0.35)
    cut.sketch.panel(body.hem_band(52), material="trim", edge=9, volume=60, lift=1.5, crumple=0.1)
    if style == "roll neck":
        _roll_neck(cut, body)
    else:
        neck_trim(cut, body, width=24 if style != "cardigan" else 30)
    if style == "cardigan":
        _button_band(cut, body)
    elif cut.pattern == "plain" and cut.chance(0.4):
        _cables(cut, body)


def _roll_neck(cut: Cut, body: Bodice) -> None:
    shape = symmetric(
        (CENTRE, 128), (CENTRE + 62, 124), (CENTRE + 84, 138), (CENTRE + 92, 190), (CENTRE + 90, 234),
        (CENTRE + 50, 256), (CENTRE, 262),
    )  # fmt: skip
    cut.sketch.panel(shape, material="trim", edge=12, volume=50, lift=5, crumple=0.15)
    opening = ellipse(CENTRE, 136, 66, 12)
    cut.sketch.panel(opening, material="trim", tone=0.4, edge=3, volume=0, lift=0, crumple=0)


def _button_band(cut: Cut, body: Bodice) -> None:
    top, low = body.depth - 4, body.hem_y + 46
    strip = outline(
        (CENTRE - 18, top, 1), (CENTRE + 18, top, 1), (CENTRE + 18, low, 1), (CENTRE - 18, low, 1)
    )
    cut.sketch.panel(strip, material="trim", edge=5, volume=0, lift=3.5, crumple=0.1)
    for y in np.linspace(top + 30, low - 26, 5):
        cut.sketch.button(CENTRE, float(y), 11, cut.button)


def _cables(cut: Cut, body: Bodice) -> None:
    cut.words["knit"] = "cable knit"
    last = cut.sketch.layers.pop()
    for x in (CENTRE - 72, CENTRE + 72):
        t = np.linspace(0, 1, 90)
        y = body.depth + 40 + t * (body.hem_y - body.depth - 44)
        for phase in (0.0, np.pi):
            strand = np.stack([x + 13 * np.sin(t * 30 + phase), y], axis=1)
            cut.sketch.panel(band(strand, 15), edge=7, volume=0, lift=2.5, crumple=0)
    cut.sketch.layers.append(last)


def hoodie(cut: Cut) -> None:
    zipped = cut.pick("closing", ("pullover", "pullover", "zip-up")) == "zip-up"
    body = Bodice.cut(cut, neck="crew neck", length=cut.between(770, 810), width=cut.between(1.04, 1.12))
    end = long_sleeves(cut, body, width=1.5, length=0.95)
    ribbed_cuffs(cut, end, height=50)
    _hood_behind(cut)
    body.front(cut, hem_stitch=False)
    cut.sketch.panel(body.hem_band(52), material="trim", edge=9, volume=60, lift=1.5, crumple=0.1)
    low = body.hem_y - 8
    pocket = symmetric(
        (CENTRE, low - 176),
        (CENTRE + 82, low - 176, 1),
        (CENTRE + 148, low - 74, 1),
        (CENTRE + 148, low, 1),
        (CENTRE, low, 1),
    )
    cut.sketch.panel(pocket, edge=6, volume=46, lift=3.5, crumple=0.4, folds=_pocket_folds(low))
    for line in both(between((CENTRE + 76, low - 168), (CENTRE + 140, low - 72))):
        cut.sketch.stitch(line)
    if zipped:
        zipper(cut, 296, body.hem_y + 48)
    _hood_edges(cut)
    for x in (CENTRE - 36, CENTRE + 40):
        cord(cut, spline([(x, 292), (x + 6, 360), (x - 4, 420 + cut.between(0, 40))]))


def _pocket_folds(low: float) -> tuple[Fold, ...]:
    return tuple(
        Fold(between((CENTRE + s * 120, low - 20), (CENTRE + s * 40, low - 130), 12), 20, 5) for s in (-1, 1)
    )


def _hood_behind(cut: Cut) -> None:
    shell = symmetric(
        (CENTRE, 52),
        (CENTRE + 70, 66),
        (CENTRE + 112, 124),
        (CENTRE + 122, 196),
        (CENTRE + 116, 262),
        (CENTRE + 60, 320),
        (CENTRE, 330),
    )
    cut.sketch.panel(shell, edge=14, volume=80, crumple=0.6)
    inside = symmetric(
        (CENTRE, 84),
        (CENTRE + 52, 94),
        (CENTRE + 78, 150),
        (CENTRE + 80, 220),
        (CENTRE + 46, 286),
        (CENTRE, 318),
    )
    cut.sketch.panel(inside, material="main", tone=0.5, edge=5, volume=70, lift=0, crumple=0.5)
    cut.sketch.seam(between((CENTRE, 86), (CENTRE, 250)), 0.8)


def _hood_edges(cut: Cut) -> None:
    """The hood's front edges, coming down from the crown and meeting below the chin."""
    edge = spline(
        [
            (CENTRE, 70),
            (CENTRE + 58, 80),
            (CENTRE + 90, 142),
            (CENTRE + 92, 216),
            (CENTRE + 62, 282),
            (CENTRE + 2, 326),
        ]
    )
    for line in both(edge):
        cut.sketch.panel(band(line, [22, 26, 30, 34, 34, 26]), edge=8, volume=0, lift=4, crumple=0.3)
        cut.sketch.stitch(line)
    for x in (CENTRE - 40, CENTRE + 40):
        eyelet(cut, x, 292)
