"""Caps, beanies and scarves."""

import numpy as np

from demo.drawing.curves import CENTRE, between, ellipse, outline, parallel, spline, symmetric
from demo.drawing.cut import Cut
from demo.drawing.scene import Fold, band, fan


def cap(cut: Cut) -> None:
    style = cut.pick("style", ("baseball cap", "baseball cap", "trucker cap"))
    crown = spline(
        [
            (300, 700, 1), (288, 600), (316, 486), (406, 404), (516, 384), (630, 422), (706, 520),
            (728, 650), (724, 764, 1),
            (640, 786), (500, 776), (380, 742),
        ],
        closed=True,
    )  # fmt: skip
    folds = fan(cut.rng, (500, 390), (560, 760), count=4, spread=14, width=26, depth=5)
    cut.sketch.panel(crown, edge=26, volume=150, crumple=0.25, folds=folds)
    if style == "trucker cap":
        mesh = spline(
            [
                (566, 394, 1), (640, 432), (706, 520), (728, 650), (724, 764, 1), (640, 786), (600, 785, 1),
                (612, 660),
                (604, 520),
            ],
            closed=True,
        )  # fmt: skip
        cut.sketch.panel(mesh, material="accent", edge=18, volume=100, lift=0, crumple=0.1)
    _cap_seams(cut)
    _visor(cut)
    cut.sketch.standing = True


def _cap_seams(cut: Cut) -> None:
    seams = (
        [(506, 386), (420, 476), (384, 610), (388, 740)],
        [(506, 386), (576, 486), (610, 620), (610, 782)],
        [(506, 386), (640, 456), (712, 580)],
    )
    for points in seams:
        line = spline(points)
        cut.sketch.seam(line)
        for away in (6, -6):
            cut.sketch.stitch(parallel(line, away))
    cut.sketch.stitch(spline([(316, 700), (390, 728), (500, 756), (640, 766), (720, 746)]))
    for x, y in ((432, 540), (486, 528), (650, 566)):
        eyelet = (
            f'<g transform="translate({x} {y})"><circle r="2.6" fill="#000" fill-opacity=".6"/>'
            '<circle r="6" fill="none" stroke="#000" stroke-opacity=".3" stroke-width="3.5"/></g>'
        )
        cut.sketch.ink(eyelet, ellipse(x, y, 10, 10))
    cut.sketch.panel(ellipse(508, 384, 22, 10), edge=9, volume=0, lift=2, crumple=0)


def _visor(cut: Cut) -> None:
    under = spline(
        [
            (300, 712, 1),
            (190, 752),
            (112, 790),
            (150, 810),
            (300, 792),
            (420, 786),
            (520, 780, 1),
            (420, 744),
        ],
        closed=True,
    )
    cut.sketch.panel(under, tone=0.42, edge=6, volume=0, lift=6, crumple=0)
    visor = spline(
        [
            (296, 694, 1), (214, 706), (134, 750), (100, 788), (118, 802), (220, 782), (330, 776),
            (450, 780), (520, 778, 1),
            (430, 756), (360, 728),
        ],
        closed=True,
    )  # fmt: skip
    cut.sketch.panel(visor, material="trim", edge=13, volume=50, lift=4, crumple=0.1)
    for i in range(4):
        inset = 12 + i * 13
        line = spline(
            [
                (276 - inset * 0.3, 706 + inset * 0.2), (200 + inset * 0.5, 726 + inset * 0.4),
                (132 + inset, 772 - inset * 0.1),
                (230 + inset, 772 - inset * 0.36), (420, 774 - inset * 0.42),
            ]
        )  # fmt: skip
        cut.sketch.stitch(line, opacity=0.22)


def beanie(cut: Cut) -> None:
    tall = cut.between(380, 420)
    dome = symmetric(
        (CENTRE, tall),
        (CENTRE + 90, tall + 16),
        (CENTRE + 180, tall + 100),
        (CENTRE + 214, tall + 240),
        (CENTRE + 218, 770),
        (CENTRE + 120, 790),
        (CENTRE, 796),
    )
    folds: list[Fold] = []
    for i in range(9):
        x = (i - 4) / 4
        folds.append(
            Fold(
                spline(
                    [
                        (CENTRE + x * 14, tall + 12),
                        (CENTRE + x * 110, tall + 110),
                        (CENTRE + x * 176, tall + 260),
                    ]
                ),
                20,
                6.0 * (-1) ** i,
            )
        )
    if cut.chance(0.45):
        cut.words["top"] = "pompom"
        _pompom(cut, tall - 36)
    cut.sketch.panel(dome, edge=26, volume=150, crumple=0.35, folds=tuple(folds))
    cuff = symmetric(
        (CENTRE, 668),
        (CENTRE + 130, 664),
        (CENTRE + 224, 648),
        (CENTRE + 234, 700),
        (CENTRE + 230, 806),
        (CENTRE + 120, 826),
        (CENTRE, 830),
    )
    cut.sketch.panel(cuff, material="trim", edge=17, volume=110, lift=6, crumple=0.2)
    if cut.chance(0.5):
        patch = outline(
            (CENTRE + 84, 726, 1), (CENTRE + 146, 722, 1), (CENTRE + 146, 766, 1), (CENTRE + 84, 770, 1)
        )
        cut.sketch.panel(patch, material="handle", edge=4, volume=0, lift=2, crumple=0)
        cut.sketch.stitch(parallel(patch, 4))


def _pompom(cut: Cut, y: float) -> None:
    rng = cut.rng
    for ring, size in ((1.0, 26), (0.66, 24), (0.3, 22)):
        for turn in np.arange(0, 2 * np.pi, 0.42 / ring):
            away = 46 * ring + rng.normal(0, 4)
            x, dy = CENTRE + away * np.cos(turn), y + away * np.sin(turn) * 0.94
            cut.sketch.panel(
                ellipse(float(x), float(dy), size * 0.8, size * 0.5, turn=float(np.degrees(-turn)), steps=14),
                material="trim",
                edge=7,
                volume=0,
                lift=1.5,
                crumple=0.4,
            )


def scarf(cut: Cut) -> None:
    fringed = cut.chance(0.6)
    back = spline(
        [(CENTRE - 128, 330), (CENTRE - 90, 262), (CENTRE, 242), (CENTRE + 90, 262), (CENTRE + 128, 330)]
    )
    cut.sketch.panel(band(back, [80, 74, 70, 74, 80]), tone=0.55, edge=14, volume=20, lift=0, crumple=0.4)
    for x, low, slant in ((CENTRE - 62, 985, -16), (CENTRE + 68, 930, 22)):
        _tail(cut, x, low, slant, fringed=fringed)
    turns = (
        (
            spline(
                [
                    (CENTRE - 176, 330),
                    (CENTRE - 130, 424),
                    (CENTRE, 474),
                    (CENTRE + 130, 424),
                    (CENTRE + 176, 326),
                ]
            ),
            [96, 128, 146, 128, 92],
        ),
        (
            spline(
                [
                    (CENTRE - 160, 296),
                    (CENTRE - 112, 360),
                    (CENTRE, 396),
                    (CENTRE + 112, 360),
                    (CENTRE + 160, 292),
                ]
            ),
            [70, 84, 94, 84, 68],
        ),
    )
    for line, widths in turns:
        folds = tuple(
            Fold(parallel(line, away), 26, 9.0 * (-1) ** i) for i, away in enumerate((-34, -10, 14, 38))
        )
        cut.sketch.panel(
            band(line, list(map(float, widths))),
            edge=24,
            volume=40,
            lift=10,
            crumple=0.6,
            folds=folds,
            grain=90.0,
        )


def _tail(cut: Cut, x: float, low: float, slant: float, *, fringed: bool) -> None:
    half = 74.0
    if fringed:
        for i in range(17):
            fx = x + slant - half + 5 + i * (2 * half - 10) / 16
            thread = spline(
                [(fx, low - 4), (fx + cut.between(-5, 5), low + 34), (fx + cut.between(-9, 9), low + 70)]
            )
            cut.sketch.panel(band(thread, [7, 6, 4]), tone=0.95, edge=2, volume=0, lift=1, crumple=0)
    shape = outline(
        (x - 52, 400, 1),
        (x + 52, 400, 1),
        (x + slant * 0.5 + half - 6, 650),
        (x + slant + half, low, 1),
        (x + slant - half, low + 3, 1),
        (x + slant * 0.5 - half + 6, 650),
    )
    folds = tuple(
        Fold(
            between((x + dx * 0.6, 420), (x + slant + dx, low - 20), cut.between(-9, 9)), 26, 8.0 * (-1) ** i
        )
        for i, dx in enumerate((-50, -18, 16, 48))
    )
    cut.sketch.panel(shape, edge=13, volume=44, lift=6, crumple=0.45, folds=folds)
