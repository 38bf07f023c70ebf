"""Jeans, chinos, shorts and leggings."""

from dataclasses import dataclass
from typing import Unpack

import numpy as np

from demo.drawing.curves import CENTRE, Line, between, both, outline, parallel, spline, symmetric
from demo.drawing.cut import Cut
from demo.drawing.scene import Fold, PanelProperties, band, fan
from demo.garments.accessories.hardware import rivet

TOP = 150.0


@dataclass(frozen=True)
class Trousers:
    """Half widths and heights of a pair of trousers on the board."""

    waist: float
    hip: float
    crotch_y: float
    knee: tuple[float, float]
    hem: tuple[float, float]
    low: float
    spread: float

    def leg(self) -> Line:
        """The right leg, waist to hem, with the fly edge on the centre line."""
        knee_y = self.crotch_y + (self.low - self.crotch_y) * 0.5
        inner = CENTRE + self.spread
        return outline(
            (CENTRE, TOP + 16, 1), (CENTRE + self.waist, TOP, 1), (CENTRE + self.hip - 8, TOP + 110),
            (CENTRE + self.hip, TOP + 190),
            (inner + self.knee[1] + (self.hip - self.knee[1] - self.spread) * 0.2, knee_y),
            (inner + self.hem[1], self.low, 1),
            (inner + self.hem[0], self.low + 8, 1), (inner + self.knee[0], knee_y),
            (CENTRE + 12, self.crotch_y + 24),
            (CENTRE, self.crotch_y, 1),
        )  # fmt: skip


def _legs(cut: Cut, fit: Trousers, **properties: Unpack[PanelProperties]) -> None:
    # Inside of the waist, then both legs over it.
    inside = symmetric(
        (CENTRE, TOP - 2),
        (CENTRE + fit.waist - 10, TOP - 6),
        (CENTRE + fit.waist - 30, TOP + 22),
        (CENTRE, TOP + 30),
    )
    cut.sketch.panel(inside, tone=0.45, edge=3, volume=0, lift=0, crumple=0)
    options: PanelProperties = {
        "edge": 9, "volume": 84, "crumple": 0.5, "grain": -3.0, "folds": _leg_folds(cut, fit),
    }  # fmt: skip
    cut.sketch.pair(fit.leg(), **(options | properties))
    cut.sketch.seam(spline([(CENTRE, TOP + 40), (CENTRE + 1, fit.crotch_y - 60), (CENTRE, fit.crotch_y + 4)]))


def _leg_folds(cut: Cut, fit: Trousers) -> tuple[Fold, ...]:
    rng = cut.rng
    inner = CENTRE + fit.spread
    knee_y = fit.crotch_y + (fit.low - fit.crotch_y) * 0.5
    folds = list(
        fan(
            rng,
            (CENTRE + 6, fit.crotch_y - 6),
            (CENTRE + fit.hip - 10, fit.crotch_y - 60),
            count=5,
            spread=13,
            width=17,
            depth=7,
        )
    )
    folds += fan(
        rng,
        (CENTRE + 10, fit.crotch_y + 20),
        (CENTRE + fit.hip * 0.8, fit.crotch_y + 130),
        count=3,
        spread=16,
        width=18,
        depth=5,
    )
    if fit.low - fit.crotch_y < 300:
        return tuple(folds)
    for i in range(4):
        y = knee_y + (i - 1.2) * 34 + rng.normal(0, 8)
        left, right = inner + fit.knee[0] * 0.6, inner + fit.knee[1]
        start, end = ((left, y), (left + (right - left) * rng.uniform(0.5, 0.9), y + rng.uniform(-26, 26)))
        folds.append(Fold(between(start, end, rng.normal(0, 8)), 15, rng.choice([6.0, -6.0])))
    for i in range(4):
        y = fit.low - 30 - i * 34 + rng.normal(0, 6)
        folds.append(
            Fold(
                between((inner + fit.hem[0], y + 12), (inner + fit.hem[1], y - 6), rng.normal(6, 6)),
                15,
                6.0 * (-1) ** i,
            )
        )
    folds.append(
        Fold(
            between((inner + fit.hem[1] * 0.6, TOP + 190), (inner + fit.hem[1] * 0.6, fit.low - 40), 5), 40, 5
        )
    )
    return tuple(folds)


def _waistband(cut: Cut, fit: Trousers, *, loops: bool, stitch: str, material: str = "main") -> None:
    line = spline([(CENTRE - fit.waist, TOP + 4), (CENTRE, TOP + 20), (CENTRE + fit.waist, TOP + 4)])
    cut.sketch.panel(band(line, 40), material=material, edge=6, volume=0, lift=3, crumple=0.12)
    for away in (-16, 16):
        cut.sketch.stitch(parallel(line, away), stitch, opacity=0.6)
    for share in (-0.62, 0.62) if loops else ():
        x, y = CENTRE + fit.waist * share, TOP + 4 + 16 * (1 - share * share)
        loop = outline((x - 8, y - 26, 1), (x + 8, y - 26, 1), (x + 8, y + 26, 1), (x - 8, y + 26, 1))
        cut.sketch.panel(loop, material=material, edge=4, volume=0, lift=3, crumple=0.1)
        cut.sketch.stitch(between((x - 4, y - 24), (x - 4, y + 24)), stitch, opacity=0.6)
        cut.sketch.stitch(between((x + 4, y - 24), (x + 4, y + 24)), stitch, opacity=0.6)


def _fly(cut: Cut, fit: Trousers, stitch: str) -> None:
    fly = spline([(CENTRE + 34, TOP + 42), (CENTRE + 34, TOP + 130), (CENTRE + 4, fit.crotch_y - 62)])
    for away in (0, -6):
        cut.sketch.stitch(parallel(fly, away), stitch, opacity=0.65)
    cut.sketch.seam(between((CENTRE + 4, TOP + 40), (CENTRE + 3, fit.crotch_y - 50)))


def _measures(cut: Cut, fit: str, low: float) -> Trousers:
    knee, hem = {
        "skinny": ((12.0, 110.0), (14.0, 88.0)),
        "slim": ((9.0, 126.0), (10.0, 110.0)),
        "straight": ((6.0, 142.0), (6.0, 138.0)),
        "wide leg": ((2.0, 168.0), (-6.0, 196.0)),
        "bootcut": ((12.0, 116.0), (-6.0, 150.0)),
    }[fit]
    return Trousers(
        waist=160 + cut.between(-4, 6), hip=202, crotch_y=412 + cut.between(-8, 14), knee=knee, hem=hem,
        low=low,
        spread=cut.between(24, 36),
    )  # fmt: skip


def jeans(cut: Cut) -> None:
    fit = _measures(cut, cut.pick("fit", ("skinny", "slim", "straight", "wide leg", "bootcut")), 1090)
    thread = "#c88a3c" if cut.pattern == "denim" else ("#d9d5cc" if cut.dark else "#5a4a38")
    _legs(cut, fit)
    if cut.pattern == "denim" and cut.chance(0.6):
        _washed(cut, fit)
    _fly(cut, fit, thread)
    for line in both(
        spline([(CENTRE + 74, TOP + 32), (CENTRE + 92, TOP + 84), (CENTRE + fit.hip - 22, TOP + 108)])
    ):
        for away in (0, 6):
            cut.sketch.stitch(parallel(line, away), thread, opacity=0.75)
        cut.sketch.stroke(parallel(line, -3), width=3, opacity=0.35)
    for x in (CENTRE - 80, CENTRE + 80, CENTRE - 172, CENTRE + 172):
        rivet(cut, x, TOP + (50 if abs(x - CENTRE) < 99 else 106), 4.5)
    _waistband(cut, fit, loops=True, stitch=thread)
    cut.sketch.button(CENTRE + 2, TOP + 20, 11, "#b08a5c")
    _hems(cut, fit, thread)


def _hems(cut: Cut, fit: Trousers, thread: str) -> None:
    inner = CENTRE + fit.spread
    for line in both(between((inner + fit.hem[0] + 2, fit.low - 12), (inner + fit.hem[1] - 1, fit.low - 19))):
        cut.sketch.stitch(line, thread, opacity=0.7)


def _washed(cut: Cut, fit: Trousers) -> None:
    """Thighs rubbed pale."""
    cut.words["wash"] = "washed"
    for side in (-1, 1):
        x, y = CENTRE + side * (fit.spread + 62), fit.crotch_y + 110
        cut.sketch.ink(
            f'<defs><radialGradient id="w{side}"><stop offset="0" stop-color="#e8eef4" stop-opacity=".34"/>'
            '<stop offset="1" stop-color="#e8eef4" stop-opacity="0"/></radialGradient></defs>'
            f'<ellipse cx="{x}" cy="{y}" rx="52" ry="210" fill="url(#w{side})"/>',
            np.array([[x - 52, y - 210], [x + 52, y + 210]]),
        )


def chinos(cut: Cut) -> None:
    fit = _measures(cut, cut.pick("fit", ("slim", "straight", "wide leg")), 1085)
    _legs(cut, fit, crumple=0.4)
    _fly(cut, fit, "#000")
    _slash_pockets(cut, fit)
    _waistband(cut, fit, loops=True, stitch="#000")
    cut.sketch.button(CENTRE + 2, TOP + 20, 9, cut.button)
    _hems(cut, fit, "#000")


def _slash_pockets(cut: Cut, fit: Trousers) -> None:
    for line in both(between((CENTRE + fit.waist * 0.72, TOP + 30), (CENTRE + fit.hip - 8, TOP + 158))):
        cut.sketch.stroke(line, width=3, opacity=0.4)
        cut.sketch.stitch(parallel(line, 7))


def shorts(cut: Cut) -> None:
    style = cut.pick("style", ("chino", "drawstring", "bermuda"))
    low = {"chino": 560, "drawstring": 530, "bermuda": 640}[style] + cut.between(-20, 20)
    wide = cut.between(156, 184)
    fit = Trousers(waist=148, hip=188, crotch_y=384, knee=(0, wide - 6), hem=(-8, wide), low=low, spread=26)
    _legs(cut, fit, crumple=0.6)
    thread = "#c88a3c" if cut.pattern == "denim" else "#000"
    _slash_pockets(cut, fit)
    if style == "drawstring":
        _waistband(cut, fit, loops=False, stitch="#000", material="trim")
        for x, swing in ((CENTRE - 14, -16), (CENTRE + 14, 12)):
            line = spline([(x, TOP + 24), (x + swing * 0.6, TOP + 84), (x + swing, TOP + 150)])
            cut.sketch.panel(band(line, 8), material="cord", edge=3, volume=0, lift=3, crumple=0)
    else:
        _fly(cut, fit, thread)
        _waistband(cut, fit, loops=True, stitch=thread)
        cut.sketch.button(CENTRE + 2, TOP + 20, 10, cut.button)
    _hems(cut, fit, thread)


def leggings(cut: Cut) -> None:
    length = cut.pick("length", ("full-length", "full-length", "cropped"))
    finish = cut.pick("finish", ("smooth front", "side stripes", "contrast waistband", "flared ankle"))
    low = (1080.0 if length == "full-length" else 880.0) + cut.between(-30, 10)
    hem = (6, 104) if finish == "flared ankle" else (24, 70)
    fit = Trousers(
        waist=cut.between(114, 134), hip=172, crotch_y=410, knee=(16, 88), hem=hem, low=low, spread=18
    )
    _legs(cut, fit, crumple=0.14, volume=70, gloss=1.2)
    depth = cut.between(92, 126)
    waistband = symmetric(
        (CENTRE, TOP + 8), (CENTRE + fit.waist + 2, TOP - 4, 1), (CENTRE + fit.waist + 20, TOP + depth / 2),
        (CENTRE + fit.hip - 11 - (110 - depth) * 0.2, TOP + depth - 16, 1), (CENTRE, TOP + depth),
    )  # fmt: skip
    material = "accent" if finish == "contrast waistband" else "main"
    cut.sketch.panel(waistband, material=material, edge=8, volume=70, lift=1.5, crumple=0.1)
    for line in both(
        spline([(CENTRE + 138, TOP + 104), (CENTRE + 130, 500), (CENTRE + 92, 740), (CENTRE + 74, low - 4)])
    ):
        if finish == "side stripes":
            cut.sketch.panel(band(line, 16), material="accent", edge=3, volume=0, lift=0.5, crumple=0)
        cut.sketch.seam(line, 0.8)
    _hems(cut, fit, "#000")
