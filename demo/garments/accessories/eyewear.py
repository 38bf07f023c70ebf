"""Sunglasses from the front."""

import numpy as np

from demo.drawing.curves import Line, ellipse, mirror, outline, parallel, path, spline
from demo.drawing.cut import Cut
from demo.drawing.scene import band

LENSES: dict[str, Line] = {
    "aviator": outline(
        (500, 560), (600, 540), (700, 556), (724, 610), (690, 700), (620, 738), (548, 712), (506, 640)
    ),
    "wayfarer": outline(
        (502, 562), (600, 548), (716, 552), (722, 600), (696, 690), (610, 712), (530, 694), (504, 630)
    ),
    "round": ellipse(614, 622, 100, 98),
    "cat-eye": outline(
        (506, 590), (590, 552), (700, 522), (742, 528), (724, 620), (660, 690), (570, 696), (514, 650)
    ),
}
CAT_EYE_FRAME = outline(
    (488, 578), (586, 532), (700, 496), (782, 484, 1), (752, 620), (672, 712), (562, 718), (494, 664)
)


def sunglasses(cut: Cut) -> None:
    style = cut.pick("style", tuple(LENSES))
    lens, wire = LENSES[style], style in ("aviator", "round")
    closed = np.concatenate([lens, lens[:1]])
    frame = CAT_EYE_FRAME if style == "cat-eye" else parallel(closed, -(10.0 if wire else 24.0))[:-1]
    _arms(cut, wire=wire)
    for glass, rim in ((mirror(lens), mirror(frame)), (lens, frame)):
        cut.sketch.panel(
            glass, material="glass", edge=8, volume=60, lift=0, crumple=0, opacity=0.93, gloss=0.6
        )
        _reflection(cut, glass)
        cut.sketch.panel(rim, holes=(glass,), edge=6 if wire else 11, volume=0, lift=4, crumple=0)
    _bridge(cut, style)
    cut.sketch.standing = True


def _arms(cut: Cut, *, wire: bool) -> None:
    """What shows of the folded temples beside and behind the lenses."""
    arm = (
        spline([(716, 574), (770, 566), (796, 584), (792, 640)])
        if wire
        else spline([(738, 574), (786, 562), (806, 586), (800, 640)])
    )
    widths = [10.0, 10.0, 10.0, 8.0] if wire else [22.0, 20.0, 12.0, 9.0]
    cut.sketch.pair(band(arm, widths), tone=0.7, edge=5, volume=0, lift=2, crumple=0)


def _bridge(cut: Cut, style: str) -> None:
    if style in ("aviator", "round"):
        lines = [spline([(398, 586), (450, 562), (502, 586)])]
        lines += [spline([(390, 552), (450, 544), (510, 552)])] if style == "aviator" else []
        width = 10.0
    else:
        lines, width = [spline([(394, 592), (426, 566), (474, 566), (506, 592)])], 24.0
    for line in lines:
        cut.sketch.panel(band(line, width), edge=5, volume=0, lift=3, crumple=0)


def _reflection(cut: Cut, glass: Line) -> None:
    """A window mirrored in the glass: darker above, lighter below, two slanted streaks."""
    name = "left" if glass[:, 0].mean() < 450 else "right"
    (left, top), (right, low) = glass.min(axis=0), glass.max(axis=0)
    wide = right - left

    def streak(start: float, width: float, opacity: float) -> str:
        x, slant = left + wide * start, wide * 0.38
        d = f"M{x:.1f} {low:.1f}l{slant:.1f} {top - low:.1f}h{wide * width:.1f}l{-slant:.1f} {low - top:.1f}Z"
        return f'<path d="{d}" fill="#fff" fill-opacity="{opacity}"/>'

    cut.sketch.ink(
        f'<defs><clipPath id="{name}"><path d="{path(glass, closed=True)}"/></clipPath>'
        f'<linearGradient id="{name}-sky" x1="0" y1="0" x2="0" y2="1">'
        '<stop offset="0" stop-color="#000" stop-opacity=".38"/>'
        '<stop offset=".55" stop-color="#000" stop-opacity="0"/>'
        '<stop offset="1" stop-color="#fff" stop-opacity=".22"/></linearGradient></defs>'
        f'<g clip-path="url(#{name})"><path d="{path(glass, closed=True)}" fill="url(#{name}-sky)"/>'
        f"{streak(0.12, 0.16, 0.16)}{streak(0.36, 0.05, 0.13)}</g>",
        glass,
        margin=2,
    )
