"""From a sketch to a picture: shades every panel, and casts shadows between them."""

import io
from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import resvg_py
from PIL import Image

from demo.drawing.backdrop import Canvas, developed, on_backdrop
from demo.drawing.fabrics import Material, tile
from demo.drawing.scene import Ink, Panel, Sketch
from demo.drawing.shading import Field, Light, Window, blur, coverage, lit, resized, turned
from demo.drawing.textures import SIZE, weave

MARGIN = 4
# Pixels beyond the picture that still shape the light within it.
OVERSCAN = 160
WIDTH, HEIGHT = 810, 1080


def framed(sketch: Sketch, *, fill: float = 0.82, nearest: float = 1.3) -> Window:
    """The window that shows the whole product with even padding."""
    boxes = np.array([_box(layer) if isinstance(layer, Panel) else layer.box for layer in sketch.layers])
    low, high = boxes[:, :2].min(axis=0), boxes[:, 2:].max(axis=0)
    available = np.array([WIDTH, HEIGHT]) * (fill + 0.03, fill)
    zoom = float(min(nearest, *(available / (high - low))))
    centre = (low + high) / 2 - np.array([0.0, HEIGHT * 0.012 / zoom])
    return Window(
        float(centre[0] - WIDTH / 2 / zoom),
        float(centre[1] - HEIGHT / 2 / zoom),
        zoom,
        WIDTH,
        HEIGHT,
    )


def picture(
    sketch: Sketch, materials: Mapping[str, Material], *, seed: int, view: Window | None = None
) -> Image.Image:
    """The sketch as a product shot in RGB, as large as the view (the whole product by default)."""
    view = view or framed(sketch)
    rgb = np.zeros((view.height, view.width, 3), dtype=np.float32)
    alpha = np.zeros((view.height, view.width), dtype=np.float32)
    for number, layer in enumerate(merged(sketch.layers)):
        if isinstance(layer, Ink):
            _draw_ink(layer, view, rgb, alpha)
        else:
            _draw_panel(layer, materials[layer.material], view, seed + number, rgb, alpha)
    return developed(on_backdrop(rgb, alpha, view, standing=sketch.standing))


def merged(layers: Sequence[Panel | Ink]) -> list[Panel | Ink]:
    """The layers, with consecutive inks joined where rasterising both at once is cheaper."""
    joined: list[Panel | Ink] = []
    for layer in layers:
        last = joined[-1] if joined else None
        if isinstance(layer, Ink) and isinstance(last, Ink):
            low, high = np.minimum(last.box, layer.box)[:2], np.maximum(last.box, layer.box)[2:]
            if np.prod(high - low) < 1.3 * (_area(last) + _area(layer)) + 9000:
                box = (float(low[0]), float(low[1]), float(high[0]), float(high[1]))
                joined[-1] = Ink(last.svg + layer.svg, box)
                continue
        joined.append(layer)
    return joined


def _area(ink: Ink) -> float:
    return (ink.box[2] - ink.box[0]) * (ink.box[3] - ink.box[1])


def _clipped(box: tuple[float, float, float, float], view: Window, margin: float = MARGIN) -> Window | None:
    """The part of the view around a box of the board, on whole pixels; None where they do not meet."""
    left = max(0, int((box[0] - view.x) * view.zoom - margin))
    top = max(0, int((box[1] - view.y) * view.zoom - margin))
    right = min(view.width, int((box[2] - view.x) * view.zoom + margin + 1))
    bottom = min(view.height, int((box[3] - view.y) * view.zoom + margin + 1))
    if right - left < 2 or bottom - top < 2:
        return None
    x, y = view.x + left / view.zoom, view.y + top / view.zoom
    return Window(x, y, view.zoom, right - left, bottom - top)


def _overscanned(view: Window) -> Window:
    """The view with a margin, so that a piece that the border cuts off is not rounded there."""
    x, y = view.x - OVERSCAN / view.zoom, view.y - OVERSCAN / view.zoom
    return Window(x, y, view.zoom, view.width + 2 * OVERSCAN, view.height + 2 * OVERSCAN)


def _place(part: Window, view: Window) -> tuple[slice, slice]:
    left, top = round((part.x - view.x) * view.zoom), round((part.y - view.y) * view.zoom)
    return slice(top, top + part.height), slice(left, left + part.width)


def _box(panel: Panel) -> tuple[float, float, float, float]:
    low, high = panel.outline.min(axis=0), panel.outline.max(axis=0)
    return float(low[0]), float(low[1]), float(high[0]), float(high[1])


def _draw_panel(panel: Panel, material: Material, view: Window, seed: int, rgb: Canvas, alpha: Field) -> None:
    part = _clipped(_box(panel), view)
    if part is None:
        return
    if panel.lift:
        _cast(panel, view, rgb)
    mask = coverage(panel.outline, panel.holes, part)
    whole = _clipped(_box(panel), _overscanned(view)) or part
    light = lit(panel, material, whole, seed).seen_in(part, whole)
    colour = _surface(panel, material, part, light)
    place = _place(part, view)
    opaque = mask * panel.opacity
    rgb[place] += (colour - rgb[place]) * opaque[..., None]
    alpha[place] += (1 - alpha[place]) * opaque


def _cast(panel: Panel, view: Window, rgb: Canvas) -> None:
    """Darken the pieces below by the shadow of this one, to its lower right."""
    reach = panel.lift * view.zoom
    part = _clipped(_box(panel), view, margin=MARGIN + 4 * reach)
    if part is None:
        return
    shifted = replace(part, x=part.x - panel.lift * 0.5, y=part.y - panel.lift * 0.8)
    small = coverage(panel.outline, panel.holes, shifted, 0.5)
    shadow = resized(blur(small, max(0.7, reach * 0.55)), part.width, part.height)
    rgb[_place(part, view)] *= 1 - 0.42 * panel.opacity * shadow[..., None]


def _surface(panel: Panel, material: Material, part: Window, light: Light) -> Canvas:
    """The panel's colours under the light, sRGB in 0..1, (height, width, 3)."""
    y, x = np.mgrid[0 : part.height, 0 : part.width].astype(np.float32) / np.float32(part.zoom)
    along, across = turned(x + np.float32(part.x), y + np.float32(part.y), panel.grain)
    along -= light.tilt_y * 7
    across -= light.tilt_x * 7
    albedo = _albedo(material, along, across) * panel.tone
    threads = weave(material.weave)
    scale = material.weave_scale
    grain = threads[(along * scale).astype(np.int32) % SIZE, (across * scale).astype(np.int32) % SIZE]
    # The same relief would look like dirt on white cloth.
    relief = material.relief * (1.2 - 0.8 * max(material.rgb) / 255)
    level = np.sqrt(np.clip(light.diffuse, 0.03, 1.75)) * (1 + relief * grain)
    shaded = albedo * level[..., None]
    # Cloth reflects its own colour in its folds: shadows grow richer, not greyer.
    richer = 0.34 * np.clip(1 - level, 0, 0.6)
    veil = np.clip(light.diffuse - 0.9, 0, 1) * 0.05
    bright = light.highlight * np.clip(light.diffuse, 0, 1.4) + veil
    shaded *= 1 - (richer[..., None] * (1 - shaded))
    return np.asarray(shaded + (1 - shaded) * bright[..., None], dtype=np.float32)


def _albedo(material: Material, along: Field, across: Field) -> Canvas:
    colours = tile(material)
    if colours is None:
        return np.asarray(material.rgb, dtype=np.float32) / np.float32(255)
    scale = np.float32(1 / material.scale)
    return _between_texels(colours, along * scale, across * scale)


def _between_texels(colours: Canvas, down: Field, right: Field) -> Canvas:
    """The tile's colour at each coordinate, interpolated so that the pattern's edges stay smooth."""
    top, left = np.floor(down), np.floor(right)
    fy, fx = (down - top)[..., None], (right - left)[..., None]
    r0, c0 = top.astype(np.int32) % SIZE, left.astype(np.int32) % SIZE
    r1, c1 = (r0 + 1) % SIZE, (c0 + 1) % SIZE
    upper = colours[r0, c0] * (1 - fx) + colours[r0, c1] * fx
    lower = colours[r1, c0] * (1 - fx) + colours[r1, c1] * fx
    return np.asarray(upper * (1 - fy) + lower * fy, dtype=np.float32)


def _draw_ink(ink: Ink, view: Window, rgb: Canvas, alpha: Field) -> None:
    part = _clipped(ink.box, view)
    if part is None:
        return
    drawing = rasterised(ink.svg, part)
    place = _place(part, view)
    rgb[place] += (drawing[..., :3] - rgb[place]) * drawing[..., 3:]
    alpha[place] += (1 - alpha[place]) * drawing[..., 3]


def rasterised(svg: str, part: Window) -> Canvas:
    """An SVG fragment in board coordinates as straight-alpha RGBA in 0..1."""
    box = f"{part.x:.3f} {part.y:.3f} {part.width / part.zoom:.3f} {part.height / part.zoom:.3f}"
    document = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{part.width}" height="{part.height}" '
        f'viewBox="{box}">{svg}</svg>'
    )
    png = bytes(resvg_py.svg_to_bytes(svg_string=document, skip_system_fonts=True))
    return np.asarray(Image.open(io.BytesIO(png)).convert("RGBA"), dtype=np.float32) / np.float32(255)
