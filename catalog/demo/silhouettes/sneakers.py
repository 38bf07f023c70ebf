"""Lace-up sneakers, seen from the side with the toe to the left."""

import numpy as np

from catalog.demo.curves import between, ellipse, parallel, section, spline
from catalog.demo.cut import Cut
from catalog.demo.scene import band, fan
from catalog.demo.silhouettes.soles import GROUND, as_pair, sole

THICKNESS = {"flat sole": 44.0, "running sole": 58.0, "platform sole": 70.0}


def sneakers(cut: Cut) -> None:
    """Low or high lace-up sneakers with a rubber sole."""
    high = cut.pick("height", ("low-top", "low-top", "high-top")) == "high-top"
    style = cut.pick("sole", tuple(THICKNESS))
    base = GROUND - THICKNESS[style]
    rise = 118.0 if high else 0.0
    _inside(cut, base, rise)
    upper = spline(
        [
            (146, base + 14, 1), (132, base - 28), (152, base - 70), (230, base - 100), (330, base - 122),
            (412, base - 172 - rise * 0.4), (484, base - 222 - rise, 1), (524, base - 196 - rise),
            (590, base - 182 - rise * 0.95),
            (648, base - 202 - rise), (696, base - 240 - rise), (722, base - 226 - rise),
            (732, base - 150 - rise * 0.4),
            (762, base - 50), (758, base + 14, 1),
        ],
        closed=True,
    )  # fmt: skip
    folds = (
        *fan(cut.rng, (352, base - 118), (318, base - 10), count=4, spread=18, width=18, depth=6),
        *fan(cut.rng, (652, base - 40), (596, base - 160 - rise), count=2, spread=20, width=26, depth=4),
    )
    cut.sketch.panel(upper, edge=16, volume=80, crumple=0.25, folds=folds)
    _overlays(cut, base, rise)
    laces(cut, (334, base - 108), (474, base - 206 - rise), 7 if high else 5)
    _rubber(cut, base, style)
    as_pair(cut)


def _inside(cut: Cut, base: float, rise: float) -> None:
    """The tongue and the dark inside of the shoe."""
    tongue = spline(
        [
            (430, base - 170 - rise * 0.6), (440, base - 236 - rise), (462, base - 262 - rise),
            (506, base - 252 - rise),
            (520, base - 190 - rise), (520, base - 110),
        ],
        closed=True,
    )  # fmt: skip
    cut.sketch.panel(tongue, tone=0.92, edge=9, volume=24, crumple=0.3)
    mouth = spline(
        [
            (484, base - 214 - rise), (590, base - 196 - rise), (660, base - 212 - rise),
            (704, base - 240 - rise),
            (690, base - 150 - rise), (590, base - 120 - rise * 0.8), (500, base - 130 - rise * 0.8),
        ],
        closed=True,
    )  # fmt: skip
    cut.sketch.panel(mouth, material="lining", tone=0.5, edge=6, volume=30, lift=0)


def _overlays(cut: Cut, base: float, rise: float) -> None:
    """Toe cap, heel counter, eyelet stay and what decorates the side."""
    if cut.chance(0.55):
        toe = spline(
            [
                (144, base + 14, 1),
                (132, base - 28),
                (152, base - 70),
                (232, base - 88),
                (258, base - 44),
                (264, base + 12, 1),
            ],
            closed=True,
        )
        cut.sketch.panel(toe, material="trim", edge=10, volume=34, lift=2, crumple=0.1)
        cut.sketch.stitch(spline([(228, base - 84), (250, base - 42), (256, base + 8)]))
    heel = spline(
        [
            (760, base + 12, 1), (763, base - 50), (733, base - 150 - rise * 0.4), (722, base - 210 - rise),
            (700, base - 160 - rise * 0.4), (660, base - 60), (636, base + 12, 1),
        ],
        closed=True,
    )  # fmt: skip
    cut.sketch.panel(
        heel, material="accent" if cut.chance(0.4) else "trim", edge=9, volume=26, lift=2, crumple=0.1
    )
    cut.sketch.stitch(
        spline([(714, base - 190 - rise), (692, base - 152 - rise * 0.4), (652, base - 56), (630, base + 8)])
    )
    stay = spline(
        [
            (308, base - 112, 1), (360, base - 140), (414, base - 174 - rise * 0.4),
            (482, base - 220 - rise, 1),
            (512, base - 206 - rise, 1), (470, base - 140 - rise * 0.4), (400, base - 84),
            (330, base - 70, 1),
        ],
        closed=True,
    )  # fmt: skip
    cut.sketch.panel(stay, material="trim", edge=6, volume=0, lift=2, crumple=0.1)
    cut.sketch.stitch(
        spline([(324, base - 76), (396, base - 90), (464, base - 142 - rise * 0.4), (505, base - 200 - rise)])
    )
    _side(cut, base, rise)


def _side(cut: Cut, base: float, rise: float) -> None:
    decoration = cut.pick("side", ("bar", "plain side", "saddle", "plain side"))
    if decoration == "bar":
        line = spline([(640, base - 120), (560, base - 76), (470, base + 6)])
        cut.sketch.panel(band(line, [16, 30, 38]), material="accent", edge=4, volume=0, lift=1.2, crumple=0)
    elif decoration == "saddle":
        shape = spline(
            [
                (420, base + 12, 1), (452, base - 70), (500, base - 170 - rise, 1),
                (566, base - 180 - rise * 0.9, 1),
                (560, base - 80), (584, base + 12, 1),
            ],
            closed=True,
        )  # fmt: skip
        cut.sketch.panel(shape, material="accent", edge=5, volume=0, lift=1.6, crumple=0.15)
        cut.sketch.stitch(spline([(428, base + 8), (460, base - 70), (506, base - 164 - rise)]))
        cut.sketch.stitch(spline([(576, base + 8), (552, base - 80), (558, base - 172 - rise * 0.9)]))


def laces(cut: Cut, start: tuple[float, float], end: tuple[float, float], count: int) -> None:
    """Laces crossing the throat, seen from the side, and the bow."""
    for i in range(count):
        share = (i + 0.3) / count
        x, y = start[0] + (end[0] - start[0]) * share, start[1] + (end[1] - start[1]) * share
        hole = f'<circle cx="{x + 27}" cy="{y + 20}" r="5.5" fill="#000" fill-opacity=".5"/>'
        cut.sketch.ink(hole, ellipse(x + 27, y + 20, 7, 7))
        lace = spline([(x - 30, y - 6), (x - 4, y - 5), (x + 26, y + 19)])
        cut.sketch.panel(band(lace, 12), material="lace", edge=5, volume=0, lift=2.5, crumple=0)
    x, y = end[0] - 12, end[1] + 14
    loops = (
        [(x, y), (x - 50, y - 16), (x - 44, y + 26), (x, y)],
        [(x, y), (x + 38, y + 36), (x + 14, y + 52), (x, y)],
    )
    for loop in loops:
        cut.sketch.panel(band(spline(loop), 8), material="lace", edge=4, volume=0, lift=2, crumple=0)


def _rubber(cut: Cut, base: float, style: str) -> None:
    top = spline(
        [
            (128, base + 16),
            (150, base + 6),
            (330, base + 6),
            (560, base + 2),
            (760, base - 8),
            (776, base + 8),
        ]
    )
    bottom = spline(
        [
            (130, base + 28), (152, GROUND - 12), (236, GROUND), (560, GROUND), (726, GROUND),
            (778, GROUND - 18),
            (776, base + 8),
        ]
    )  # fmt: skip
    sole(cut, top, bottom)
    cut.sketch.stitch(parallel(section(top, 0.04, 0.96), 9), "#000", opacity=0.3)
    if style == "running sole":
        wave = spline(
            [(146, base + 30), (260, base + 24), (420, base + 40), (600, base + 20), (768, base + 28)]
        )
        cut.sketch.panel(band(wave, 12), material="accent", edge=4, volume=0, lift=1, crumple=0)
    tread = np.concatenate(
        [between((160, GROUND - 9), (756, GROUND - 9)), between((730, GROUND), (190, GROUND))]
    )
    cut.sketch.panel(tread, material="outsole", edge=3, volume=0, lift=0, crumple=0)
