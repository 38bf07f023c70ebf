"""A lace-up sneaker, seen from the side with the toe to the left."""

import numpy as np

from demo.drawing.curves import Line, ellipse, parallel, section, spline
from demo.drawing.cut import Cut
from demo.drawing.scene import band, fan
from demo.garments.footwear.soles import GROUND, sole

THICKNESS = {"flat sole": 46.0, "running sole": 62.0, "platform sole": 74.0}


def sneakers(cut: Cut) -> None:
    high = cut.pick("height", ("low-top", "low-top", "high-top")) == "high-top"
    style = cut.pick("sole", tuple(THICKNESS))
    base = GROUND - THICKNESS[style]
    rise = cut.between(104, 136) if high else cut.between(-10, 16)
    toe = cut.between(-8, 14)
    cut.sketch.standing = True
    _tongue(cut, base, rise)
    _mouth(cut, base, rise)
    upper = spline(
        [
            (136, base + 14, 1), (124, base - 24), (136, base - 66 - toe), (186, base - 102 - toe),
            (262, base - 116 - toe), (338, base - 138), (404, base - 184 - rise * 0.3),
            (466, base - 236 - rise, 1), (520, base - 210 - rise), (584, base - 184 - rise * 0.96),
            (644, base - 190 - rise * 0.96), (690, base - 232 - rise), (716, base - 262 - rise),
            (740, base - 250 - rise), (738, base - 186 - rise * 0.6), (756, base - 84), (762, base + 14, 1),
        ],
        closed=True,
    )  # fmt: skip
    folds = (
        *fan(cut.rng, (330, base - 120), (290, base - 20), count=3, spread=18, width=20, depth=5),
        *fan(cut.rng, (640, base - 50), (584, base - 150 - rise), count=2, spread=20, width=26, depth=4),
    )
    cut.sketch.panel(upper, edge=18, volume=84, crumple=0.2, folds=folds)
    _decorated(cut, base, rise)
    _toe(cut, base, toe)
    _heel(cut, base, rise)
    _laced(cut, base, rise, 7 if high else 5)
    _collar(cut, base, rise)
    _rubber(cut, base, style)
    cut.sketch.proportioned(1.06, 0.9 if high else 0.84)


def _tongue(cut: Cut, base: float, rise: float) -> None:
    tongue = spline(
        [
            (386, base - 150), (416, base - 210 - rise * 0.5), (440, base - 272 - rise),
            (470, base - 298 - rise), (512, base - 284 - rise), (520, base - 210 - rise),
            (500, base - 130),
        ],
        closed=True,
    )  # fmt: skip
    cut.sketch.panel(tongue, tone=0.93, edge=12, volume=24, crumple=0.2)


def _mouth(cut: Cut, base: float, rise: float) -> None:
    """The dark inside of the shoe, whose far edge shows above the near one."""
    mouth = spline(
        [
            (490, base - 236 - rise), (560, base - 222 - rise), (640, base - 228 - rise),
            (704, base - 262 - rise), (716, base - 180 - rise), (600, base - 130 - rise * 0.8),
            (500, base - 150 - rise * 0.8),
        ],
        closed=True,
    )  # fmt: skip
    cut.sketch.panel(mouth, material="lining", tone=0.55, edge=6, volume=30, lift=0)


def _toe(cut: Cut, base: float, toe: float) -> None:
    if cut.chance(0.55):
        cap = spline(
            [
                (136, base + 14, 1), (124, base - 24), (136, base - 66 - toe), (186, base - 102 - toe),
                (234, base - 112 - toe), (266, base - 70), (282, base + 14, 1),
            ],
            closed=True,
        )  # fmt: skip
        cut.sketch.panel(cap, material="trim", edge=14, volume=40, lift=2, crumple=0.05)
        cut.sketch.stitch(spline([(228, base - 108 - toe), (258, base - 68), (274, base + 8)]))
        return
    for row, count in ((0, 4), (1, 3)):
        for i in range(count):
            x, y = 214 + i * 22 + row * 11, base - 78 - toe * 0.6 - i * 5 + row * 22
            hole = f'<ellipse cx="{x:.1f}" cy="{y:.1f}" rx="4.2" ry="3.4" fill="#000" fill-opacity=".42"/>'
            cut.sketch.ink(hole, ellipse(x, y, 6, 6))


def _heel(cut: Cut, base: float, rise: float) -> None:
    counter = spline(
        [
            (762, base + 14, 1), (756, base - 84), (738, base - 178 - rise * 0.5, 1),
            (690, base - 150 - rise * 0.4), (658, base - 70), (640, base + 14, 1),
        ],
        closed=True,
    )  # fmt: skip
    material = "accent" if cut.chance(0.35) else "trim"
    cut.sketch.panel(counter, material=material, edge=10, volume=26, lift=2, crumple=0.05)
    cut.sketch.stitch(spline([(728, base - 166 - rise * 0.48), (682, base - 142 - rise * 0.4),
                              (650, base - 66), (632, base + 8)]))  # fmt: skip
    if cut.chance(0.6):
        tab = spline(
            [
                (702, base - 246 - rise, 1), (716, base - 262 - rise), (742, base - 250 - rise),
                (740, base - 204 - rise * 0.7, 1), (704, base - 196 - rise * 0.7, 1),
            ],
            closed=True,
        )  # fmt: skip
        cut.sketch.panel(tab, material=material, edge=7, volume=8, lift=2, crumple=0)


def _throat(base: float, rise: float) -> Line:
    """The edge along which the shoe is laced, from the toe up."""
    return spline([(326, base - 132), (404, base - 184 - rise * 0.3), (462, base - 234 - rise)])


def _laced(cut: Cut, base: float, rise: float, count: int) -> None:
    """The stay with its eyelets, and the laces that come out of them and cross over the tongue."""
    throat = _throat(base, rise)
    far = parallel(throat, 44)
    stay = np.concatenate([throat, far[::-1]])
    cut.sketch.panel(stay, material="trim", edge=6, volume=0, lift=2, crumple=0.05)
    cut.sketch.stitch(parallel(section(throat, 0.02, 0.98), 37))
    eyelets = parallel(throat, 19)
    for i in range(count):
        place = round((i + 0.5) / count * (len(throat) - 1))
        (x, y), over = eyelets[place], parallel(throat, -17)[place]
        ring = (
            f'<circle cx="{x:.1f}" cy="{y:.1f}" r="7.5" fill="#000" fill-opacity=".22"/>'
            f'<circle cx="{x:.1f}" cy="{y:.1f}" r="5" fill="#000" fill-opacity=".6"/>'
        )
        cut.sketch.ink(ring, ellipse(x, y, 9, 9))
        lace = spline([(x, y), (x * 0.45 + over[0] * 0.55 - 3, y * 0.45 + over[1] * 0.55 - 4), tuple(over)])
        cut.sketch.panel(band(lace, 13), material="lace", edge=6, volume=0, lift=2.5, crumple=0)


def _collar(cut: Cut, base: float, rise: float) -> None:
    """The padded rim around the ankle."""
    rim = spline(
        [
            (474, base - 230 - rise), (524, base - 204 - rise), (586, base - 178 - rise * 0.96),
            (646, base - 184 - rise * 0.96), (692, base - 224 - rise), (714, base - 252 - rise),
        ]
    )  # fmt: skip
    cut.sketch.panel(band(rim, [12, 24, 30, 28, 16]), material="trim", tone=0.97, edge=11, volume=0, lift=2,
                     crumple=0.05)  # fmt: skip


def _decorated(cut: Cut, base: float, rise: float) -> None:
    """What runs along the side: a bar, two bars, a saddle, or nothing."""
    decoration = cut.pick("side", ("bar", "plain side", "saddle", "twin bars", "plain side"))
    if decoration in ("bar", "twin bars"):
        for shift, width in ((0, 34),) if decoration == "bar" else ((-26, 17), (26, 17)):
            line = spline([(566 + shift, base - 150 - rise * 0.5), (520 + shift, base - 76),
                           (462 + shift, base + 8)])  # fmt: skip
            cut.sketch.panel(band(line, [width * 0.8, width, width]), material="accent", edge=4, volume=0,
                             lift=1.2, crumple=0)  # fmt: skip
    elif decoration == "saddle":
        saddle = spline(
            [
                (416, base + 12, 1), (440, base - 80), (478, base - 180 - rise * 0.6, 1),
                (560, base - 184 - rise * 0.8, 1), (556, base - 90), (582, base + 12, 1),
            ],
            closed=True,
        )  # fmt: skip
        cut.sketch.panel(saddle, material="accent", edge=5, volume=0, lift=1.6, crumple=0.1)
        cut.sketch.stitch(spline([(424, base + 8), (448, base - 80), (486, base - 172 - rise * 0.6)]))
        cut.sketch.stitch(spline([(574, base + 8), (548, base - 90), (552, base - 178 - rise * 0.8)]))


def _rubber(cut: Cut, base: float, style: str) -> None:
    """The sole: a cupsole with a foxing line, or a midsole that rises at toe and heel."""
    lifted = 14.0 if style == "running sole" else 4.0
    top = spline(
        [
            (122, base - 8), (150, base + 4), (330, base + 6), (560, base + 4), (700, base - lifted * 0.5),
            (770, base - lifted),
        ]
    )  # fmt: skip
    bottom = spline(
        [
            (112, base + 14), (136, GROUND - 20), (212, GROUND), (560, GROUND), (716, GROUND),
            (764, GROUND - 18), (778, base + 10),
        ]
    )  # fmt: skip
    sole(cut, top, bottom)
    if style == "running sole":
        wedge = spline([(300, base + 34), (460, base + 30), (620, base + 20), (768, base + 12)])
        cut.sketch.panel(band(wedge, [4, 10, 14, 16]), material="accent", edge=4, volume=0, lift=0.6,
                         crumple=0)  # fmt: skip
    else:
        cut.sketch.stitch(parallel(section(top, 0.05, 0.95), 9), "#000", opacity=0.3)
        cut.sketch.seam(parallel(section(top, 0.03, 0.97), 17), 0.5)
    tread = spline([(166, GROUND - 8), (226, GROUND - 2), (560, GROUND - 2), (726, GROUND - 3)])
    cut.sketch.panel(band(tread, 8), material="outsole", edge=3, volume=0, lift=0, crumple=0)
