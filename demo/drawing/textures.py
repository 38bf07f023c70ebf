"""Seamless noise and weave tiles, made once per process from fixed seeds."""

from functools import cache

import numpy as np
import numpy.typing as npt

Field = npt.NDArray[np.float32]
SIZE = 512


@cache
def cloud(seed: int, roughness: float = 2.2, stretch: float = 1.0, finest: float = 4.0) -> Field:
    """Periodic fractal noise, zero mean and unit deviation, (512, 512).

    Power falls as frequency^-roughness; features shorter than `finest` pixels are filtered out;
    stretch above 1 lengthens the features along y.
    """
    rng = np.random.default_rng(seed)
    fy = np.fft.fftfreq(SIZE)[:, None] * stretch
    fx = np.fft.rfftfreq(SIZE)[None, :]
    radius = np.hypot(fx, fy)
    radius[0, 0] = 1
    spectrum = radius ** (-roughness / 2) * np.exp(-((radius * finest) ** 2))
    spectrum[0, 0] = 0
    phases = rng.normal(size=spectrum.shape) + 1j * rng.normal(size=spectrum.shape)
    noise = np.fft.irfft2(spectrum * phases, s=(SIZE, SIZE))
    return np.asarray(noise / noise.std(), dtype=np.float32)


@cache
def creases(seed: int) -> Field:
    """A height field of wrinkles: rounded ridges with narrow valleys, (512, 512)."""
    base, warp = cloud(seed, 3.2, 1.0, 20.0), cloud(seed + 50, 3.0, 1.0, 24.0)
    rows, columns = np.mgrid[0:SIZE, 0:SIZE]
    shifted = base[(rows + (warp * 22).astype(int)) % SIZE, (columns + (warp.T * 22).astype(int)) % SIZE]
    ridges = 1 - np.sqrt(shifted**2 + 0.05)
    return np.asarray((ridges - ridges.mean()) / ridges.std(), dtype=np.float32)


@cache
def weave(name: str) -> Field:
    """The surface of a material in even light, around 0, deviation about 1, (512, 512)."""
    return {
        "jersey": _jersey,
        "poplin": _poplin,
        "twill": _twill,
        "denim": _denim,
        "knit": _knit,
        "rib": _rib,
        "leather": _leather,
        "suede": _suede,
        "fleece": _fleece,
        "satin": _satin,
        "canvas": _canvas,
        "straw": _straw,
        "smooth": _smooth,
    }[name]()


def _grid() -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    y, x = np.mgrid[0:SIZE, 0:SIZE].astype(np.float64)
    return x, y


def _wave(phase: npt.NDArray[np.float64], period: float) -> npt.NDArray[np.float64]:
    return np.sin(2 * np.pi * phase / period)


def _done(tile: npt.NDArray[np.float64]) -> Field:
    return np.asarray((tile - tile.mean()) / tile.std(), dtype=np.float32)


def _jersey() -> Field:
    x, y = _grid()
    return _done(_wave(x, 4) * 0.4 + cloud(3, 0.5, 1, 1.0) * 0.8 + _wave(y, 8) * 0.08)


def _poplin() -> Field:
    x, y = _grid()
    return _done(
        _wave(x, 4) * _wave(y, 4) * 0.3 + cloud(5, 0.4, 3, 1.0) * 0.5 + cloud(5, 0.4, 3, 1.0).T * 0.5
    )


def _twill() -> Field:
    x, y = _grid()
    return _done(_wave(x + y, 8) * 0.8 + cloud(6, 0.5, 1, 1.2) * 0.7)


def _denim() -> Field:
    x, y = _grid()
    slub = cloud(7, 1.0, 10, 1.4)
    return _done(
        _wave(x * 2 + y, 8) * 0.55 + slub * 0.75 + cloud(8, 0.3, 1, 1.0) * 0.7 + cloud(9, 2, 1, 20) * 0.12
    )


def _knit() -> Field:
    """Columns of V-shaped loops, 16 wide and 16 high."""
    x, y = _grid()
    across = np.abs((x % 16) - 8) / 8
    leg = _wave(y - across * 10 + cloud(10, 2, 1, 6) * 0.5, 16)
    return _done(
        leg * 0.75 * (0.35 + across * (1 - across) * 3)
        - (across > 0.86) * 0.9
        + cloud(11, 0.6, 1, 1.2) * 0.25
    )


def _rib() -> Field:
    x, y = _grid()
    return _done(_wave(x, 16) * 1.0 + _wave(y, 4) * 0.12 + cloud(12, 0.8, 1, 1.2) * 0.3)


def _leather() -> Field:
    """Fine pebbled grain."""
    cells = np.abs(cloud(13, 0.9, 1, 3.2)) - 0.5 * np.abs(cloud(14, 1.2, 1, 4.0))
    return _done(cells.astype(np.float64) + cloud(15, 2.0, 1, 14) * 0.25)


def _suede() -> Field:
    return _done((cloud(16, 0.7, 1, 1.4) + cloud(17, 2.4, 1, 10) * 0.9).astype(np.float64))


def _fleece() -> Field:
    return _done((cloud(18, 1.2, 1, 2.4) + cloud(19, 2.2, 1, 8) * 0.5).astype(np.float64))


def _satin() -> Field:
    return _done((cloud(20, 0.8, 12, 1.4) * 0.6 + cloud(21, 2, 4, 10) * 0.8).astype(np.float64))


def _canvas() -> Field:
    x, y = _grid()
    basket = _wave(x, 8) * ((y // 4) % 2 - 0.5) + _wave(y, 8) * ((x // 4) % 2 - 0.5)
    return _done(basket * 0.9 + cloud(22, 0.6, 1, 1.2) * 0.5)


def _straw() -> Field:
    x, y = _grid()
    return _done(_wave(x, 16) * _wave(y, 16) * 0.8 + _wave(y, 16) * 0.5 + cloud(23, 0.8, 1, 1.4) * 0.5)


def _smooth() -> Field:
    return _done((cloud(24, 1.0, 1, 2) * 0.6 + cloud(25, 2.2, 1, 12)).astype(np.float64))
