"""Summer hats: wide brim, floppy, boater, bucket."""

import numpy as np

from demo.drawing.curves import CENTRE, Line, between, ellipse, outline, spline, symmetric
from demo.drawing.cut import Cut
from demo.drawing.scene import Fold, band, fan

LEVEL = 700.0
BRIMS = {
    "wide brim": (355.0, 92.0),
    "floppy brim": (375.0, 112.0),
    "boater": (312.0, 62.0),
    "bucket": (262.0, 70.0),
}


def sun_hat(cut: Cut) -> None:
    style = cut.pick("brim", tuple(BRIMS))
    if style == "bucket":
        _bucket(cut)
    else:
        _brimmed(cut, style)
    cut.sketch.standing = True


def _brimmed(cut: Cut, style: str) -> None:
    reach, dip = BRIMS[style]
    flat = style == "boater"
    top, head = (540.0, 178.0) if flat else (cut.between(448, 474), 184.0)
    cut.sketch.panel(ellipse(CENTRE, LEVEL, reach, dip), tone=0.8, edge=9, volume=0, crumple=0.2)
    crown = symmetric(
        (CENTRE, top), (CENTRE + head * 0.6, top + (4 if flat else 12)),
        (CENTRE + head * (0.95 if flat else 0.86), top + (22 if flat else 62)), (CENTRE + head, LEVEL - 60),
        (CENTRE + head + 6, LEVEL, 1), (CENTRE + head * 0.6, LEVEL + 34), (CENTRE, LEVEL + 44),
    )  # fmt: skip
    folds = fan(cut.rng, (CENTRE, top), (CENTRE, LEVEL), count=4, spread=22, width=40, depth=5)
    cut.sketch.panel(crown, edge=26, volume=140, crumple=0.3, lift=8, folds=() if flat else folds)
    rise = 26.0 if flat else 34.0
    line = spline(
        [
            (CENTRE - head - 3, LEVEL - rise), (CENTRE - head * 0.6, LEVEL + 30 - rise),
            (CENTRE, LEVEL + 42 - rise),
            (CENTRE + head * 0.6, LEVEL + 30 - rise), (CENTRE + head + 3, LEVEL - rise),
        ]
    )  # fmt: skip
    cut.sketch.panel(band(line, 50), material="ribbon", edge=6, volume=0, lift=2, crumple=0.2)
    if cut.chance(0.5):
        _bow(cut, CENTRE + head * 0.72, LEVEL - 8)
    _front_brim(cut, reach, dip, head, floppy=style == "floppy brim")


def _front_brim(cut: Cut, reach: float, dip: float, head: float, *, floppy: bool) -> None:
    sag = cut.between(10, 24) if floppy else 0.0
    t = np.linspace(np.pi, 0, 60)
    wave = np.sin(t * 5 + cut.between(0, 6)) * sag

    def ring(share: float) -> Line:
        y = LEVEL + dip * share * np.sin(t) + wave * share * np.sin(t)
        return np.stack([CENTRE + reach * share * np.cos(t), y], axis=1)

    inner = np.stack([CENTRE + (head + 6) * np.cos(t), LEVEL + 44 * np.sin(t)], axis=1)
    outer = ring(1.0)
    waves = (
        Fold(between((inner[i, 0], inner[i, 1]), (outer[i, 0], outer[i, 1])), 34, 5.0 * (-1) ** (i // 7))
        for i in range(6, 56, 7)
    )
    shape = np.concatenate([outer, inner[::-1]])
    cut.sketch.panel(shape, edge=10, volume=34, lift=4, crumple=0.25, folds=tuple(waves) if floppy else ())
    for share in (0.95, 0.88):
        cut.sketch.stitch(ring(share), opacity=0.3)


def _bucket(cut: Cut) -> None:
    """A soft crown and a stitched brim that slopes down all around."""
    inside = ellipse(CENTRE, LEVEL + 70, 258, 52)
    cut.sketch.panel(inside, tone=0.42, edge=5, volume=0, lift=0, crumple=0.2)
    crown = symmetric(
        (CENTRE, 488), (CENTRE + 96, 492), (CENTRE + 146, 514), (CENTRE + 176, 600), (CENTRE + 196, 690),
        (CENTRE + 120, 716), (CENTRE, 724),
    )  # fmt: skip
    folds = fan(cut.rng, (CENTRE, 480), (CENTRE, 700), count=5, spread=22, width=34, depth=6)
    cut.sketch.panel(crown, edge=22, volume=130, crumple=0.5, folds=folds)
    cut.sketch.seam(spline([(CENTRE - 150, 528), (CENTRE, 548), (CENTRE + 150, 528)]))
    brim = symmetric(
        (CENTRE, 712),
        (CENTRE + 120, 702),
        (CENTRE + 196, 676, 1),
        (CENTRE + 262, 770, 1),
        (CENTRE + 150, 818),
        (CENTRE, 830),
    )
    ripples = fan(cut.rng, (CENTRE, 560), (CENTRE, 830), count=7, spread=13, width=34, depth=6)
    cut.sketch.panel(brim, edge=10, volume=60, lift=5, crumple=0.4, folds=ripples)
    for share in np.linspace(0.12, 0.92, 6):
        x, y = 196 + 66 * share, 676 + 94 * share
        mid = 712 + 118 * share
        cut.sketch.stitch(
            spline(
                [
                    (CENTRE - x, y),
                    (CENTRE - 140, mid - 16),
                    (CENTRE, mid),
                    (CENTRE + 140, mid - 16),
                    (CENTRE + x, y),
                ]
            )
        )


def _bow(cut: Cut, x: float, y: float) -> None:
    for dx, dy in ((-58, -14), (54, -22)):
        loop = outline((x, y, 1), (x + dx * 0.6, y + dy - 16), (x + dx, y + dy), (x + dx * 0.6, y + dy + 26))
        cut.sketch.panel(loop, material="ribbon", edge=8, volume=10, lift=4, crumple=0.4)
    cut.sketch.panel(ellipse(x, y, 14, 17), material="ribbon", edge=7, volume=0, lift=3)
