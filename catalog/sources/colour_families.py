"""The family of a colour name, by which shoppers filter; a product keeps its shop's own word."""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import pairwise

from django.utils.translation import gettext_noop as _

# Families in the order of a facet, with the words that mean one; several languages write into one feed.
FAMILIES: dict[str, str] = {
    _("Black"): ("black schwarz noir negro nero zwart svart sort preto czarny jet onyx ebony raven ink"),
    _("White"): (
        "white weiß weiss blanc blanche blanco bianco wit vit hvid hvit branco biały ivory snow off- "
        "white offwhite ecru optic chalk wollweiß elfenbein"
    ),
    _("Grey"): (
        "grey gray grau gris grigio grijs grå cinza szary charcoal anthracite anthrazit slate "
        "graphite steel ash smoke melange mélange heather pewter gunmetal"
    ),
    _("Beige"): (
        "beige cream creme crème sand nude skin champagne oatmeal stone taupe mushroom bone buff "
        "natural natur hafer vanilla biscuit"
    ),
    _("Brown"): (
        "brown braun brun marron marrón marrone bruin brązowy chocolate coffee mocha camel tan cognac "
        "chestnut caramel tobacco espresso hazel bronze copper rust walnut schoko kaffee"
    ),
    _("Red"): (
        "red rot rouge rojo rosso rood röd rød vermelho czerwony burgundy bordeaux maroon wine "
        "crimson scarlet cherry ruby brick oxblood merlot berry weinrot"
    ),
    _("Orange"): ("orange naranja arancione oranje coral peach apricot terracotta tangerine pumpkin koralle"),
    _("Yellow"): (
        "yellow gelb jaune amarillo giallo geel gul amarelo żółty mustard lemon ochre senf zitrone "
        "canary saffron"
    ),
    _("Green"): (
        "green grün vert verde groen grön grøn zielony olive khaki mint sage emerald forest lime teal "
        "moss pistachio bottle jade oliv salbei smaragd fern hunter"
    ),
    _("Blue"): (
        "blue blau bleu azul blu blauw blå niebieski navy marine indigo denim sky cobalt royal "
        "turquoise aqua petrol azure cyan midnight türkis himmelblau marineblau dunkelblau hellblau"
    ),
    _("Purple"): (
        "purple lila violet violett morado viola paars fioletowy lavender lilac mauve plum aubergine "
        "magenta orchid grape pflaume lavendel"
    ),
    _("Pink"): ("pink rosa rose fuchsia blush salmon raspberry roze różowy altrosa hotpink rosé"),
    _("Gold"): ("gold golden oro goud doré dorado złoty guld rosegold roségold"),
    _("Silver"): ("silver silber argent plata argento zilver srebrny metallic platinum"),
    _("Multi"): (
        "multi multicolour multicolor multicoloured multicolored bunt mehrfarbig rainbow colourful "
        "colorful assorted multicolore print mixed"
    ),
}
_FAMILY_OF = {word: family for family, words in FAMILIES.items() for word in words.split()}
# Where two words name one colour and the last is not the family.
_PHRASES = {
    "rose gold": "Gold",
    "off white": "White",
    "sea green": "Green",
    "coffee brown": "Brown",
    "lime green": "Green",
    "navy blue": "Blue",
    "olive green": "Green",
    "burnt orange": "Orange",
    "dusty rose": "Pink",
    "old rose": "Pink",
    "wine red": "Red",
    "army green": "Green",
    "light gold": "Gold",
    "black denim": "Black",
    "grey denim": "Grey",
    "white gold": "Gold",
    "rose dust": "Pink",
}
_SEPARATED = re.compile(r"\s*(?:[/,;&+|]|\b(?:and|und|et|y|e|en|och|og)\b)\s*", re.IGNORECASE)


def families(colour: str) -> tuple[str, ...]:
    """The families of every colour in a name, in its order: ("Red", "White") for "Red/White"."""
    found = [_family(part) for part in _SEPARATED.split(colour.casefold()) if part]
    return tuple(dict.fromkeys(family for family in found if family))


def family(colour: str) -> str:
    """The family of a colour name: "Blue" for "Midnight Navy", "Multi" for three colours, "" for an unknown
    name. The first colour of two counts, as in "Navy/White".
    """
    found = families(colour)
    if len(found) > 2:
        return "Multi"
    return found[0] if found else ""


@lru_cache(maxsize=8192)
def _family(name: str) -> str:
    words = re.findall(r"[^\W\d_]+", name)
    for first, second in pairwise(words):
        if phrase := _PHRASES.get(f"{first} {second}"):
            return phrase
    # The last word is the colour, and those before it its shade.
    return next((_FAMILY_OF[word] for word in reversed(words) if word in _FAMILY_OF), _compound(words))


def _compound(words: list[str]) -> str:
    """German and Dutch write shades as one word: "dunkelblau", "lichtgroen"."""
    for word in reversed(words):
        for length in range(len(word) - 1, 2, -1):
            if family := _FAMILY_OF.get(word[-length:]):
                return family
    return ""
