"""Items for the tests of training."""

import colorsys
from pathlib import Path

from PIL import Image

from training.collections.items import Item


def item(number, kind, title="", colour="", gender="", usage="", source="fashion"):
    return Item(Path(f"{number}.jpg"), source, kind, title, colour, gender, usage)


def truth(writer, attribute, word):
    return writer.components.rows[writer.components.number(attribute, word)].tolist()


def small_collection(folder):
    """Plain pictures in six colours, as shirts of two brands, and two photos of nothing but a colour."""
    items = []
    for number in range(72):
        colour = ("Red", "Yellow", "Green", "Teal", "Blue", "Purple")[number % 6]
        rgb = [int(255 * v) for v in colorsys.hsv_to_rgb(number % 6 / 6, 1, 0.5 + number % 5 / 10)]
        path, brand = folder / f"{number}.png", ("Nike", "Puma")[number // 6 % 2]
        Image.new("RGB", (64, 64), tuple(rgb)).save(path)
        kind = ("Shirts", "Tops")[number // 12 % 2]
        title = f"{brand} Men Style {number} {colour} {kind}"
        items.append(Item(path, "fashion", kind, title, colour, "Men", "Casual"))
    for number in range(2):
        path = folder / f"photo-{number}.png"
        Image.new("RGB", (64, 64), (200, 30, 30)).save(path)
        items.append(Item(path, "clothing", "shirt"))
    return items
