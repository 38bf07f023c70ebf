"""Heels, sandals and loafers, seen from the side with the toe to the left."""

import numpy as np

from catalog.demo.curves import Line, between, ellipse, outline, parallel, spline
from catalog.demo.cut import Cut
from catalog.demo.scene import Fold, band, fan
from catalog.demo.silhouettes.soles import GROUND, as_pair, buckle, sole

HEELS = {"stiletto heel": 210.0, "block heel": 165.0, "kitten heel": 112.0}


def heels(cut: Cut) -> None:
    """Pumps: pointed or round toe, stiletto, block or kitten heel, some with a bow."""
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
    """Loafers: penny strap, tassels or a plain apron."""
    style = cut.pick("style", ("penny loafers", "tassel loafers", "driving loafers"))
    base = GROUND - 28
    mouth = outline(
        (420, base - 160),
        (520, base - 118),
        (620, base - 138),
        (716, base - 190),
        (700, base - 110),
        (560, base - 80),
    )
    cut.sketch.panel(mouth, material="lining", tone=0.6, edge=5, volume=20, lift=0)
    upper = spline(
        [
            (140, base + 6, 1), (126, base - 28), (144, base - 66), (226, base - 98), (330, base - 122),
            (404, base - 172, 1),
            (446, base - 132), (530, base - 106), (630, base - 126), (718, base - 194, 1),
            (740, base - 168), (756, base - 60),
            (750, base + 6, 1),
        ],
        closed=True,
    )  # fmt: skip
    folds = fan(cut.rng, (352, base - 96), (320, base), count=4, spread=16, width=16, depth=5)
    cut.sketch.panel(upper, edge=17, volume=70, crumple=0.2, folds=folds)
    apron = spline(
        [(158, base - 58), (184, base - 44), (270, base - 50), (360, base - 84), (432, base - 140)]
    )
    cut.sketch.panel(band(apron, [6, 10, 11, 10, 6]), edge=5, volume=0, lift=2, crumple=0)
    cut.sketch.stitch(apron, "#000", opacity=0.4, width=2.0)
    if style != "driving loafers":
        _saddle(cut, base)
    if style == "tassel loafers":
        _tassels(cut, base)
    cut.sketch.seam(spline([(664, base - 148), (640, base - 76), (650, base + 2)]))
    cut.sketch.stitch(spline([(452, base - 126), (532, base - 98), (630, base - 118), (712, base - 184)]))
    top = spline([(128, base + 7), (340, base + 5), (560, base + 2), (758, base + 2)])
    bottom = spline([(134, GROUND - 12), (340, GROUND - 8), (560, GROUND - 10), (760, GROUND - 10)])
    sole(cut, top, bottom, "outsole")
    heel = outline((596, GROUND - 12, 1), (760, GROUND - 12, 1), (754, GROUND + 8, 1), (606, GROUND + 8, 1))
    cut.sketch.panel(heel, material="outsole", edge=4, volume=0, lift=0, crumple=0)
    as_pair(cut)


def _saddle(cut: Cut, base: float) -> None:
    """The strap across the instep, with its slot."""
    strap = spline(
        [
            (392, base + 2, 1), (366, base - 60), (350, base - 126, 1), (408, base - 160, 1),
            (424, base - 90), (462, base + 2, 1),
        ],
        closed=True,
    )  # fmt: skip
    cut.sketch.panel(strap, edge=6, volume=20, lift=3, crumple=0.1)
    cut.sketch.stitch(spline([(400, base - 6), (375, base - 62), (360, base - 122)]))
    cut.sketch.stitch(spline([(452, base - 6), (416, base - 88), (402, base - 148)]))
    slot = '<ellipse rx="12" ry="4.5" fill="#000" fill-opacity=".6"/>'
    place = f"translate(388 {base - 112}) rotate(-32)"
    cut.sketch.ink(f'<g transform="{place}">{slot}</g>', ellipse(388, base - 112, 16, 16))


def _tassels(cut: Cut, base: float) -> None:
    for dx in (0, 30):
        x = 350 + dx
        fringe = outline(
            (x - 10, base - 112, 1), (x + 12, base - 112, 1), (x + 20, base - 60, 1), (x - 20, base - 56, 1)
        )
        strands = tuple(
            Fold(between((x - 8 + i * 6, base - 108), (x - 14 + i * 9, base - 60)), 4, -3) for i in range(4)
        )
        cut.sketch.panel(fringe, edge=5, volume=0, lift=3, folds=strands)
        cut.sketch.panel(ellipse(x + 1, base - 114, 14, 9), edge=5, volume=0, lift=2)


def sandals(cut: Cut) -> None:
    """Flat sandals: crossed straps, two buckled straps, or a thin T-bar."""
    style = cut.pick("style", ("two-strap sandals", "cross-strap sandals", "T-bar sandals"))
    base = GROUND - 52
    for points, width in _straps(style, base):
        far = band(spline(points[2:]), width * 0.8)
        cut.sketch.panel(far, tone=0.5, edge=6, volume=0, lift=0, crumple=0)
    bed = spline(
        [
            (140, base - 2), (200, base - 38), (360, base - 32), (520, base - 30), (700, base - 44),
            (764, base - 16),
            (740, base + 10), (520, base + 12), (300, base + 12), (170, base + 12),
        ],
        closed=True,
    )  # fmt: skip
    cut.sketch.panel(bed, material="footbed", edge=8, volume=20, lift=0, crumple=0.1)
    top = spline([(134, base + 2), (300, base + 12), (520, base + 12), (770, base - 6)])
    bottom = spline([(152, GROUND - 8), (300, GROUND), (520, GROUND), (760, GROUND - 4)])
    sole(cut, top, bottom, "cork")
    for points, width in _straps(style, base):
        _strap(cut, spline(points[:3]), width)
    if style == "T-bar sandals":
        bar = spline([(320, base - 96), (450, base - 126), (590, base - 190)])
        cut.sketch.panel(band(bar, 20), edge=7, volume=0, lift=5, crumple=0.1)
    if style == "T-bar sandals" or cut.chance(0.5):
        _ankle_strap(cut, base)
    tread = np.concatenate(
        [between((160, GROUND - 12), (764, GROUND - 12)), between((750, GROUND), (176, GROUND))]
    )
    cut.sketch.panel(tread, material="outsole", edge=3, volume=0, lift=0, crumple=0)
    as_pair(cut, 84, -56)


def _straps(style: str, base: float) -> list[tuple[list[tuple[float, float]], float]]:
    """Middle lines (near edge, over the foot, far edge) and widths of a style's straps."""
    if style == "two-strap sandals":
        return [
            ([(236, base + 8), (256, base - 90), (330, base - 118), (396, base - 30)], 74),
            ([(420, base + 8), (430, base - 110), (510, base - 138), (572, base - 30)], 66),
        ]
    if style == "cross-strap sandals":
        return [
            ([(210, base + 8), (280, base - 90), (380, base - 118), (470, base - 34)], 54),
            ([(420, base + 8), (364, base - 96), (276, base - 96), (236, base - 34)], 54),
        ]
    return [([(214, base + 8), (250, base - 82), (330, base - 96), (380, base - 34)], 30)]


def _strap(cut: Cut, line: Line, width: float) -> None:
    cut.sketch.panel(band(line, [width, width * 0.94, width * 0.8]), edge=9, volume=20, lift=6, crumple=0.2)
    for away in (-width * 0.36, width * 0.36):
        cut.sketch.stitch(parallel(line, away))
    if width > 60:
        buckle(cut, line[len(line) // 2], width * 0.5)


def _ankle_strap(cut: Cut, base: float) -> None:
    """The heel's counter and the loop around the ankle, its far side first."""
    far = spline([(568, base - 204), (574, base - 222), (640, base - 228), (712, base - 212)])
    cut.sketch.panel(band(far, [16, 20, 24, 26]), tone=0.5, edge=6, volume=0, lift=0, crumple=0)
    counter = spline(
        [
            (650, base + 4, 1),
            (676, base - 120),
            (690, base - 196, 1),
            (738, base - 206, 1),
            (756, base - 110),
            (762, base - 4, 1),
        ],
        closed=True,
    )
    cut.sketch.panel(counter, edge=9, volume=20, lift=4, crumple=0.2)
    strap = spline([(716, base - 196), (650, base - 186), (590, base - 190), (564, base - 208)])
    cut.sketch.panel(band(strap, 30), edge=7, volume=0, lift=4, crumple=0.1)
    buckle(cut, np.array([624.0, base - 189]), 20)
