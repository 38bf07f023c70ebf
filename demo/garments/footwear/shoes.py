"""Heels and loafers, seen from the side with the toe to the left."""

from demo.drawing.curves import between, ellipse, outline, section, spline
from demo.drawing.cut import Cut
from demo.drawing.scene import Fold, band, fan
from demo.garments.footwear.soles import GROUND, as_pair, sole

HEELS = {"stiletto heel": 210.0, "block heel": 165.0, "kitten heel": 112.0}


def heels(cut: Cut) -> None:
    kind = cut.pick("heel", tuple(HEELS))
    toe = cut.pick("toe", ("pointed toe", "almond toe"))
    tip = 128.0 if toe == "pointed toe" else 158.0
    seat = GROUND - HEELS[kind]
    inside = spline(
        [
            (300, GROUND - 92, 1), (430, GROUND - 100), (560, seat - 10), (690, seat - 100), (716, seat - 94),
            (700, seat - 30), (560, seat + 30), (430, GROUND - 60),
        ],
        closed=True,
    )  # fmt: skip
    cut.sketch.panel(inside, material="footbed", tone=0.85, edge=5, volume=30, lift=0, crumple=0)
    _heel(cut, kind, seat)
    arch = GROUND - 50 - HEELS[kind] * 0.05
    upper = spline(
        [
            (tip, GROUND - 20, 1), (tip + 50, GROUND - 52), (236, GROUND - 82), (306, GROUND - 96, 1),
            (362, GROUND - 72),
            (452, GROUND - 74 - HEELS[kind] * 0.14), (570, seat - 14), (660, seat - 74), (708, seat - 118, 1),
            (732, seat - 100), (740, seat - 30), (724, seat + 32, 1), (604, seat + 62), (480, arch),
            (360, GROUND - 15),
            (240, GROUND - 10),
        ],
        closed=True,
    )  # fmt: skip
    cut.sketch.panel(upper, edge=16, volume=60, crumple=0.1, gloss=1.2)
    edge = [
        (312, GROUND - 88),
        (364, GROUND - 64),
        (454, GROUND - 66 - HEELS[kind] * 0.14),
        (572, seat - 6),
        (662, seat - 65),
    ]
    cut.sketch.stitch(spline(edge))
    under = [
        (tip + 6, GROUND - 12),
        (240, GROUND - 5),
        (360, GROUND - 7),
        (482, arch + 4),
        (604, seat + 65),
        (722, seat + 36),
    ]
    cut.sketch.panel(
        band(spline(under), [6, 10, 11, 9, 8]), material="outsole", edge=3, volume=0, lift=1, crumple=0
    )
    if cut.chance(0.3):
        cut.words["trim"] = "bow"
        _bow(cut, 300, GROUND - 96)
    as_pair(cut, 84, -40)


def _heel(cut: Cut, kind: str, seat: float) -> None:
    left, right = {
        "stiletto heel": (700.0, 716.0),
        "block heel": (644.0, 734.0),
        "kitten heel": (690.0, 716.0),
    }[kind]
    rise = GROUND - seat
    flare = 0.0 if kind == "block heel" else 40.0
    shape = spline(
        [
            (left - 10 - flare * 1.6, seat + rise * 0.22, 1), (728, seat + rise * 0.05, 1),
            (730, seat + rise * 0.4),
            (right + 2, seat + rise * 0.72), (right, GROUND, 1), (left, GROUND, 1),
            (left - 3, seat + rise * 0.72),
            (left - 6 - flare * 0.7, seat + rise * 0.42),
        ],
        closed=True,
    )  # fmt: skip
    cut.sketch.panel(shape, edge=9, volume=22, lift=2, crumple=0, gloss=1.2)
    tip = outline((left, GROUND - 7, 1), (right, GROUND - 7, 1), (right, GROUND, 1), (left, GROUND, 1))
    cut.sketch.panel(tip, material="outsole", edge=2, volume=0, lift=0, crumple=0)


def _bow(cut: Cut, x: float, y: float) -> None:
    for dx, dy in ((-46, -20), (40, -30)):
        loop = outline(
            (x, y, 1), (x + dx * 0.6, y + dy - 10), (x + dx, y + dy + 6), (x + dx * 0.6, y + dy + 26)
        )
        cut.sketch.panel(loop, edge=7, volume=8, lift=3, crumple=0.3)
    cut.sketch.panel(ellipse(x, y - 4, 10, 13), edge=6, volume=0, lift=3, crumple=0)


def loafers(cut: Cut) -> None:
    style = cut.pick("style", ("penny loafers", "tassel loafers", "driving loafers"))
    base = GROUND - cut.between(26, 36)
    toe = cut.between(-4, 14)
    mouth = outline(
        (404, base - 186),
        (520, base - 164),
        (630, base - 180),
        (722, base - 216),
        (704, base - 130),
        (560, base - 90),
        (420, base - 120),
    )
    cut.sketch.panel(mouth, material="lining", tone=0.5, edge=6, volume=24, lift=0)
    upper = spline(
        [
            (138, base + 6, 1), (124, base - 26), (136, base - 72 - toe), (196, base - 110 - toe),
            (290, base - 130 - toe), (356, base - 164), (396, base - 204, 1), (440, base - 164),
            (530, base - 136), (630, base - 152), (716, base - 206, 1), (742, base - 180),
            (756, base - 64), (750, base + 6, 1),
        ],
        closed=True,
    )  # fmt: skip
    folds = fan(cut.rng, (360, base - 120), (330, base - 10), count=3, spread=16, width=16, depth=4)
    cut.sketch.panel(upper, edge=18, volume=74, crumple=0.15, folds=folds)
    topline = spline(
        [(400, base - 198), (442, base - 158), (532, base - 130), (630, base - 146), (712, base - 198)]
    )
    cut.sketch.panel(band(topline, 13), tone=0.9, edge=6, volume=0, lift=1.5, crumple=0)
    _apron(cut, base, toe)
    if style != "driving loafers":
        _saddle(cut, base)
    if style == "tassel loafers":
        _tassels(cut, base)
    cut.sketch.seam(spline([(664, base - 164), (640, base - 80), (650, base + 2)]))
    top = spline([(126, base + 4), (340, base + 5), (560, base + 2), (758, base + 2)])
    bottom = spline([(132, GROUND - 14), (200, GROUND - 4), (340, GROUND - 4), (560, GROUND - 8),
                     (760, GROUND - 10)])  # fmt: skip
    sole(cut, top, bottom, "outsole")
    heel = outline((590, GROUND - 12, 1), (760, GROUND - 12, 1), (754, GROUND + 10, 1), (604, GROUND + 10, 1))
    cut.sketch.panel(heel, material="outsole", edge=4, volume=0, lift=0, crumple=0)
    as_pair(cut)


def _apron(cut: Cut, base: float, toe: float) -> None:
    """The raised seam around the toes, sewn by hand."""
    seam = spline(
        [
            (140, base - 66 - toe), (172, base - 62 - toe * 0.8), (250, base - 70),
            (330, base - 100), (404, base - 152),
        ]
    )  # fmt: skip
    cut.sketch.panel(band(seam, [5, 11, 13, 12, 6]), edge=6, volume=0, lift=2.5, crumple=0)
    cut.sketch.ink(
        "".join(
            f'<path d="M{x - 3:.1f} {y - 6:.1f}l7 12" stroke="#000" stroke-opacity=".4" stroke-width="2.2"/>'
            for x, y in section(seam, 0.1, 0.95)[::2]
        ),
        seam,
    )


def _saddle(cut: Cut, base: float) -> None:
    strap = spline(
        [
            (394, base + 2, 1), (366, base - 70), (340, base - 158, 1), (396, base - 200, 1),
            (424, base - 110), (472, base + 2, 1),
        ],
        closed=True,
    )  # fmt: skip
    cut.sketch.panel(strap, tone=0.94, edge=8, volume=24, lift=4, crumple=0.1)
    cut.sketch.stitch(spline([(403, base - 6), (375, base - 72), (350, base - 152)]))
    cut.sketch.stitch(spline([(462, base - 6), (415, base - 108), (391, base - 188)]))
    slot = '<ellipse rx="12" ry="4.5" fill="#000" fill-opacity=".6"/>'
    place = f"translate(382 {base - 142}) rotate(-34)"
    cut.sketch.ink(f'<g transform="{place}">{slot}</g>', ellipse(382, base - 142, 16, 16))


def _tassels(cut: Cut, base: float) -> None:
    for dx in (0, 30):
        x = 338 + dx
        fringe = outline(
            (x - 10, base - 138, 1), (x + 12, base - 138, 1), (x + 20, base - 84, 1), (x - 20, base - 80, 1)
        )
        strands = tuple(
            Fold(between((x - 8 + i * 6, base - 134), (x - 14 + i * 9, base - 84)), 4, -3) for i in range(4)
        )
        cut.sketch.panel(fringe, edge=5, volume=0, lift=3, folds=strands)
        cut.sketch.panel(ellipse(x + 1, base - 140, 14, 9), edge=5, volume=0, lift=2)
