"""Plane geometry for cut pieces: splines through control points, mirror images, ribbons, parallels.

Coordinates are pixels of the drawing board, 900 wide and 1200 high, y pointing down.
A control point is (x, y), which the curve passes smoothly, or (x, y, 1), where it turns a corner.
"""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

BOARD_WIDTH, BOARD_HEIGHT = 900, 1200
CENTRE = BOARD_WIDTH / 2

Line = npt.NDArray[np.float64]
Point = tuple[float, float] | tuple[float, float, int]


def spline(points: Sequence[Point], *, closed: bool = False, steps: int = 10) -> Line:
    """The uniform Catmull-Rom curve through the points, as an (n, 2) polyline."""
    xy = np.array([point[:2] for point in points], dtype=np.float64)
    corner = [len(point) == 3 for point in points]
    count = len(points)
    tangents = np.zeros_like(xy)
    for i in range(count):
        before, after = (i - 1) % count, (i + 1) % count
        if not closed and i in (0, count - 1):
            continue
        tangents[i] = (xy[after] - xy[before]) / 2
    pieces = []
    for i in range(count if closed else count - 1):
        j = (i + 1) % count
        pieces.append(_hermite(xy[i], xy[j], tangents[i], tangents[j], (corner[i], corner[j]), steps))
    if not closed:
        pieces.append(xy[-1:])
    return np.concatenate(pieces)


def _hermite(start: Line, end: Line, leave: Line, arrive: Line, sharp: tuple[bool, bool], steps: int) -> Line:
    chord = end - start
    length = float(np.hypot(*chord))
    sharp_start, sharp_end = sharp
    leave = chord * 0.6 if sharp_start or not leave.any() else _capped(leave, length)
    arrive = chord * 0.6 if sharp_end or not arrive.any() else _capped(arrive, length)
    if sharp_start and sharp_end:
        return start[None, :] + np.linspace(0, 1, 2, endpoint=False)[:, None] * chord
    t = np.linspace(0, 1, steps, endpoint=False)[:, None]
    t2, t3 = t * t, t * t * t
    curve: Line = (
        (2 * t3 - 3 * t2 + 1) * start
        + (t3 - 2 * t2 + t) * leave
        + (3 * t2 - 2 * t3) * end
        + (t3 - t2) * arrive
    )
    return curve


def _capped(tangent: Line, length: float) -> Line:
    # Neighbours far apart would make the curve overshoot on a short piece.
    size = float(np.hypot(*tangent))
    if not size:
        return tangent
    capped: Line = tangent * min(1.0, 1.15 * length / size)
    return capped


def outline(*points: Point) -> Line:
    """The closed curve through the points."""
    return spline(points, closed=True)


def mirror(line: Line, axis: float = CENTRE) -> Line:
    """The line reflected left to right."""
    flipped = line.copy()
    flipped[:, 0] = 2 * axis - flipped[:, 0]
    return flipped


def both(line: Line) -> tuple[Line, Line]:
    return line, mirror(line)


def moved(line: Line, right: float, down: float) -> Line:
    shifted: Line = line + np.array([right, down])
    return shifted


def strip_of(shape: Line, start: Point, end: Point, breadth: float) -> Line:
    """The part of the shape within a band from start, `breadth` deep in the direction of end.

    Clipped edge by edge (Sutherland and Hodgman 1974); empty where they do not meet.
    """
    direction = np.array(end[:2], dtype=np.float64) - np.array(start[:2], dtype=np.float64)
    direction /= np.hypot(*direction)
    depth = (shape - np.array(start[:2])) @ direction
    kept = _clip(shape, depth)
    return _clip(kept, breadth - (kept - np.array(start[:2])) @ direction) if len(kept) else kept


def _clip(shape: Line, inside: Line) -> Line:
    kept = []
    for i in range(len(shape)):
        j = (i + 1) % len(shape)
        if inside[i] >= 0:
            kept.append(shape[i])
        if (inside[i] >= 0) != (inside[j] >= 0):
            share = inside[i] / (inside[i] - inside[j])
            kept.append(shape[i] + share * (shape[j] - shape[i]))
    return np.array(kept) if kept else np.empty((0, 2))


def symmetric(*half: Point, axis: float = CENTRE) -> Line:
    """The closed outline whose right half runs from the top to the bottom of the axis."""
    # Points on the axis belong to both halves.
    left = mirrored_points([point for point in half if abs(point[0] - axis) > 0.5], axis)
    return spline([*half, *left], closed=True)


def mirrored_points(points: Sequence[Point], axis: float = CENTRE) -> list[Point]:
    """Control points of the mirror image, in the opposite order, so that both halves make one line."""
    mirrored: list[Point] = []
    for point in reversed(points):
        x = 2 * axis - point[0]
        mirrored.append((x, point[1], point[2]) if len(point) == 3 else (x, point[1]))
    return mirrored


def ribbon(line: Line, width: float | Sequence[float], *, taper: bool = False) -> Line:
    """The outline of a band along the line: of one width or of widths from start to end, or tapered."""
    positions = np.linspace(0, 1, len(line))
    widths = np.atleast_1d(np.asarray(width, dtype=np.float64))
    half = np.interp(positions, np.linspace(0, 1, len(widths)), widths) / 2
    if taper:
        half = half * np.sin(np.pi * np.clip(positions, 0.02, 0.98)) ** 0.7
    offset = _normals(line) * half[:, None]
    return np.concatenate([line + offset, (line - offset)[::-1]])


def parallel(line: Line, distance: float) -> Line:
    """The line moved sideways; a positive distance moves to the right of its direction (y down)."""
    return line + _normals(line) * distance


def _normals(line: Line) -> Line:
    tangent = np.gradient(line, axis=0)
    length = np.maximum(np.hypot(tangent[:, 0], tangent[:, 1]), 1e-9)
    return np.stack([-tangent[:, 1], tangent[:, 0]], axis=1) / length[:, None]


def between(start: tuple[float, float], end: tuple[float, float], bow: float = 0.0, steps: int = 12) -> Line:
    """A line from start to end that bows sideways by `bow` pixels in its middle."""
    t = np.linspace(0, 1, steps)[:, None]
    line = np.array(start) * (1 - t) + np.array(end) * t
    bowed: Line = line + _normals(line) * (bow * 4 * t * (1 - t))
    return bowed


def section(line: Line, start: float, end: float) -> Line:
    """The part of the line between two fractions of its points."""
    last = len(line) - 1
    return line[round(start * last) : round(end * last) + 1]


def rectangle(left: float, top: float, right: float, bottom: float) -> Line:
    return np.array([(left, top), (right, top), (right, bottom), (left, bottom)], dtype=np.float64)


def rounded(x: float, y: float, half_width: float, half_height: float, cut: float = 0.3) -> Line:
    """A rectangle around (x, y) whose corners are rounded over this share of its sides."""
    inner = 1 - cut
    corners = (
        (-1, -inner),
        (-inner, -1),
        (inner, -1),
        (1, -inner),
        (1, inner),
        (inner, 1),
        (-inner, 1),
        (-1, inner),
    )
    return outline(*((x + dx * half_width, y + dy * half_height) for dx, dy in corners))


def ellipse(x: float, y: float, rx: float, ry: float, *, turn: float = 0.0, steps: int = 48) -> Line:
    """An ellipse around (x, y), turned by `turn` degrees."""
    t = np.linspace(0, 2 * np.pi, steps, endpoint=False)
    points = np.stack([rx * np.cos(t), ry * np.sin(t)], axis=1)
    return moved(rotated(points, turn, (0.0, 0.0)), x, y)


def rotated(line: Line, degrees: float, pivot: tuple[float, float] = (CENTRE, BOARD_HEIGHT / 2)) -> Line:
    """The line turned clockwise (as seen, y down) around the pivot."""
    angle = np.radians(degrees)
    turn = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    centre = np.array(pivot)
    moved: Line = (line - centre) @ turn + centre
    return moved


def path(line: Line, *, closed: bool = False) -> str:
    """The line as SVG path data."""
    points = " ".join(f"{x:.1f},{y:.1f}" for x, y in line)
    return f"M{points}{'Z' if closed else ''}"
