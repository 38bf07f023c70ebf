"""The upper body that tops, jackets and dresses share: back, front, neckline, hem."""

from dataclasses import dataclass
from typing import Unpack

import numpy as np

from demo.drawing.curves import (
    CENTRE,
    Line,
    Point,
    between,
    both,
    mirror,
    mirrored_points,
    outline,
    parallel,
    spline,
    symmetric,
)
from demo.drawing.cut import Cut
from demo.drawing.scene import Fold, PanelProperties, fan

NECKS = {  # half width, depth on the board
    "crew neck": (84.0, 256.0),
    "V-neck": (84.0, 352.0),
    "scoop neck": (106.0, 318.0),
    "boat neck": (128.0, 222.0),
    "shirt": (76.0, 262.0),
    "jacket": (80.0, 240.0),
}


@dataclass(frozen=True)
class Bodice:
    """The measures of an upper body on the board, in pixels; x are distances from the centre line."""

    neck: str
    neck_x: float
    neck_y: float
    depth: float
    shoulder_x: float
    shoulder_y: float
    chest_x: float
    chest_y: float
    waist_x: float
    waist_y: float
    hem_x: float
    hem_y: float
    dip: float

    @classmethod
    def cut(
        cls, cut: Cut, *, neck: str, length: float, width: float = 1.0, waist: float = 0.0, flare: float = 0.0
    ) -> "Bodice":
        """Measures for a neck and a length; `waist` takes in, `flare` lets out at the hem (pixels)."""
        women = cut.wearer == "women"
        taper = 20.0 if women else 4.0
        chest = (188 if women else 212) * width
        half, depth = NECKS[neck]
        return cls(
            neck=neck,
            neck_x=half,
            neck_y=176,
            depth=depth + cut.between(-8, 10),
            shoulder_x=(178 if women else 200) * width,
            shoulder_y=236,
            chest_x=chest,
            chest_y=412,
            waist_x=chest - taper - waist,
            waist_y=580,
            hem_x=chest - taper * 0.3 - waist * 0.4 + flare,
            hem_y=length,
            dip=cut.between(8, 20),
        )

    def neckline(self) -> Line:
        """The front neck edge from the picture's left shoulder to its right."""
        x, y, depth = self.neck_x, self.neck_y, self.depth
        right: list[Point]
        if self.neck == "V-neck":
            right = [(CENTRE, depth, 1), (CENTRE + x * 0.62, y + (depth - y) * 0.42), (CENTRE + x, y, 1)]
        else:
            right = [(CENTRE, depth), (CENTRE + x * 0.74, y + (depth - y) * 0.66), (CENTRE + x, y, 1)]
        return spline([*mirrored_points(right[1:]), *right], steps=14)

    def side(self) -> Line:
        """From the neck point over the shoulder and down the right side to the middle of the hem."""
        points: list[Point] = [
            (CENTRE + self.neck_x, self.neck_y, 1),
            (CENTRE + self.shoulder_x, self.shoulder_y, 1),
            (CENTRE + self.chest_x - 12, self.shoulder_y + 90),
            (CENTRE + self.chest_x, self.chest_y, 1),
            (CENTRE + (self.chest_x + self.waist_x) / 2 - 2, (self.chest_y + self.waist_y) / 2),
            (CENTRE + self.waist_x, self.waist_y),
            (CENTRE + (self.waist_x + self.hem_x) / 2, (self.waist_y + self.hem_y) / 2),
            (CENTRE + self.hem_x, self.hem_y - self.dip, 1),
            (CENTRE + self.hem_x * 0.55, self.hem_y - self.dip * 0.25),
            (CENTRE, self.hem_y),
        ]
        return spline(points, steps=12)

    def front_outline(self) -> Line:
        right = self.side()
        return np.concatenate([right, mirror(right)[::-1][1:], self.neckline()[1:-1]])

    def half_front(self, edge: Line) -> Line:
        """The right half of an open front, whose edge runs from the neck point down to the hem."""
        right = self.side()
        return np.concatenate([right[: len(right) - 3], edge[::-1]])

    def back(self, cut: Cut, material: str = "main", *, drop: float = 26, low: float = 26) -> None:
        """The inside of the back in the neck opening, with a label where there is space."""
        x, y, mid = self.neck_x + 4, self.neck_y, self.neck_y + drop
        shape = symmetric(
            (CENTRE, mid), (CENTRE + x * 0.6, y + drop * 0.7), (CENTRE + x, y - 2, 1),
            (CENTRE + x + 12, y + 26, 1), (CENTRE + x * 0.75, self.depth + 2), (CENTRE, self.depth + low),
        )  # fmt: skip
        cut.sketch.panel(shape, material=material, tone=0.6, edge=3, volume=70, lift=0, crumple=0.25)
        if self.depth - y > 66:
            corners = ((-19, 16), (19, 16), (19, 38), (-19, 38))
            tag = outline(*((CENTRE + dx, mid + dy, 1) for dx, dy in corners))
            cut.sketch.panel(tag, material="label", edge=2, volume=0, lift=1, crumple=0)

    def folds(self, cut: Cut, strength: float = 1.0) -> tuple[Fold, ...]:
        """Tension from the underarms and shoulders, slack at the waist, and the fall of the hem."""
        rng = cut.rng
        folds: list[Fold] = []
        for side in (-1, 1):
            arm = (CENTRE + side * (self.chest_x - 12), self.chest_y + 4)
            folds += fan(
                rng,
                arm,
                (CENTRE + side * 36, self.chest_y + 150),
                count=4,
                spread=19,
                width=19,
                depth=8 * strength,
            )
            folds += fan(
                rng,
                arm,
                (CENTRE + side * 70, self.chest_y - 70),
                count=2,
                spread=18,
                width=15,
                depth=5 * strength,
            )
            tip = (CENTRE + side * (self.shoulder_x - 20), self.shoulder_y + 12)
            folds += fan(
                rng,
                tip,
                (CENTRE + side * 95, self.chest_y - 10),
                count=2,
                spread=14,
                width=24,
                depth=5 * strength,
            )
            for _ in range(3):
                folds.append(self._falling(cut, side, strength))
            for _ in range(2):
                folds.append(self._slack(cut, side, strength))
        return tuple(folds)

    def _falling(self, cut: Cut, side: int, strength: float) -> Fold:
        rng = cut.rng
        x, y = CENTRE + side * rng.uniform(16, self.hem_x * 0.95), self.hem_y - 6
        top = (x + rng.normal(0, 14) - side * 14, y - rng.uniform(120, 300))
        return Fold(
            between((x, y), top, rng.normal(0, 7)), rng.uniform(22, 36), rng.choice([-7.0, 8.0]) * strength
        )

    def _slack(self, cut: Cut, side: int, strength: float) -> Fold:
        rng = cut.rng
        y = self.waist_y + rng.uniform(-70, 90)
        start = (CENTRE + side * (self.waist_x - 4), y)
        end = (CENTRE + side * self.waist_x * rng.uniform(0.2, 0.6), y + rng.uniform(-50, 70))
        return Fold(between(start, end, rng.normal(0, 10)), 20, rng.choice([-6.5, 6.5]) * strength)

    def front(
        self,
        cut: Cut,
        *,
        hem_stitch: bool = True,
        shape: Line | None = None,
        **properties: Unpack[PanelProperties],
    ) -> None:
        options: PanelProperties = {
            "volume": 150,
            "edge": 9,
            "crumple": 0.5,
            "drape": 0.1,
            "folds": self.folds(cut),
        }
        cut.sketch.panel(self.front_outline() if shape is None else shape, **(options | properties))
        self.armholes(cut)
        if hem_stitch:
            for above in (20, 26):
                cut.sketch.stitch(self.hem_line(above))

    def armholes(self, cut: Cut) -> None:
        """The seams where the sleeves are set in."""
        x, y = CENTRE + self.chest_x, self.shoulder_y
        line = spline([(CENTRE + self.shoulder_x, y), (x - 12, y + 90), (x, self.chest_y)])
        for seam in both(line):
            cut.sketch.seam(seam)

    def hem_line(self, above: float) -> Line:
        """A line `above` the hem by this many pixels, from side to side."""
        x, y = self.hem_x - 1, self.hem_y - above
        half = [(CENTRE, y), (CENTRE + x * 0.55, y - self.dip * 0.25), (CENTRE + x, y - self.dip)]
        return spline([*((2 * CENTRE - px, py) for px, py in reversed(half[1:])), *half])

    def hem_band(self, height: float) -> Line:
        line = self.hem_line(2)
        lower = parallel(line, height) * np.array([0.94, 1.0]) + np.array([CENTRE * 0.06, 0.0])
        return np.concatenate([line, lower[::-1]])
