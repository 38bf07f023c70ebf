"""Quilted jackets."""

import numpy as np

from demo.drawing.curves import CENTRE, Line, between, both, parallel, strip_of, symmetric
from demo.drawing.cut import Cut
from demo.drawing.scene import Fold
from demo.garments.accessories.hardware import zipper
from demo.garments.clothes.bodice import Bodice
from demo.garments.clothes.sleeves import long_sleeves


def puffer(cut: Cut) -> None:
    neck = cut.pick("neck", ("stand collar", "hood"))
    body = Bodice.cut(cut, neck="crew neck", length=cut.between(770, 850), width=1.08)
    channel = cut.between(58, 88)
    if neck == "hood":
        _quilted(
            cut,
            symmetric(
                (CENTRE, 64),
                (CENTRE + 82, 78),
                (CENTRE + 130, 150),
                (CENTRE + 132, 230),
                (CENTRE + 70, 300),
                (CENTRE, 310),
            ),
            (CENTRE, 60),
            (CENTRE, 400),
            80,
        )
        hole = symmetric(
            (CENTRE, 108), (CENTRE + 56, 118), (CENTRE + 84, 170), (CENTRE + 76, 250), (CENTRE, 292)
        )
        cut.sketch.panel(hole, material="lining", tone=0.6, edge=6, volume=60, lift=0, crumple=0.3)
    sketch = cut.sketch
    before = len(sketch.layers)
    long_sleeves(cut, body, width=1.9, length=0.96)
    pieces = [layer for layer in sketch.layers[before:] if hasattr(layer, "outline")]
    del sketch.layers[before:]
    for piece in pieces:
        side = 1 if piece.outline[:, 0].mean() > CENTRE else -1
        top = (CENTRE + side * body.shoulder_x * 0.9, 214.0)
        _quilted(cut, piece.outline, top, (CENTRE + side * (body.shoulder_x + 100), 860), channel)
    _quilted(cut, body.front_outline(), (CENTRE, 170), (CENTRE, 900), channel)
    body.armholes(cut)
    if neck == "stand collar":
        stand = symmetric(
            (CENTRE, 142),
            (CENTRE + 70, 138),
            (CENTRE + 92, 160),
            (CENTRE + 96, 212),
            (CENTRE + 60, 252),
            (CENTRE, 268),
        )
        _quilted(cut, stand, (CENTRE, 130), (CENTRE, 300), 64)
        opening = symmetric(
            (CENTRE, 148), (CENTRE + 60, 146), (CENTRE + 72, 158), (CENTRE + 30, 176), (CENTRE, 178)
        )
        sketch.panel(opening, material="lining", tone=0.5, edge=4, volume=0, lift=0, crumple=0)
    zipper(cut, 186 if neck == "stand collar" else 270, body.hem_y - 6)
    for line in both(between((CENTRE + 150, 640), (CENTRE + 112, 742))):
        sketch.stroke(line, width=5, opacity=0.4)
        sketch.stroke(parallel(line, 3), "#fff", width=1.4, opacity=0.25)


def _quilted(
    cut: Cut, shape: Line, top: tuple[float, float], low: tuple[float, float], channel: float
) -> None:
    """The shape as channels of down between two points, each bulging and puckered at its seams."""
    length = float(np.hypot(low[0] - top[0], low[1] - top[1]))
    step = np.array([low[0] - top[0], low[1] - top[1]]) / length * channel
    for i in range(int(length / channel) + 2):
        start = np.array(top) + step * (i - 0.35)
        piece = strip_of(shape, (start[0], start[1]), (start[0] + step[0], start[1] + step[1]), channel)
        if len(piece) < 3 or np.ptp(piece[:, 1]) < 4:
            continue
        cut.sketch.panel(
            piece,
            edge=channel * 0.2,
            volume=channel * 0.7,
            lift=1.5,
            crumple=0.35,
            folds=_puckers(cut, piece, step),
        )


def _puckers(cut: Cut, piece: Line, step: Line) -> tuple[Fold, ...]:
    low, high = piece.min(axis=0), piece.max(axis=0)
    count = int((high[0] - low[0]) / 34)
    folds = []
    for _ in range(count):
        x = cut.between(low[0], high[0])
        y = low[1] if cut.chance(0.5) else high[1]
        inward = 1 if y == low[1] else -1
        end = (x + cut.between(-14, 14), y + inward * float(np.hypot(*step)) * cut.between(0.35, 0.6))
        folds.append(Fold(between((x, y), end, 2), 10, float(cut.rng.choice([4.5, -4.0]))))
    return tuple(folds)
