"""Items for the tests of training."""

from pathlib import Path

from training.collections.items import Item


def item(number, kind, title="", colour="", gender="", usage="", source="fashion"):
    return Item(Path(f"{number}.jpg"), source, kind, title, colour, gender, usage)


def truth(writer, attribute, word):
    return writer.components.rows[writer.components.number(attribute, word)].tolist()
