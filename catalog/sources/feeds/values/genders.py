"""For whom a product is, as shops word it in several languages."""

from __future__ import annotations

import re

GENDERS = {
    **dict.fromkeys((
        *("female", "woman", "women", "womens", "women's", "ladies", "f", "w", "damen", "dame", "femme"),
        *("femmes", "mujer", "mujeres", "donna", "donne", "dames", "kobieta", "kobiety", "damski", "damskie"),
        *("feminino", "feminina", "femenino", "mulher", "dam", "レディース", "女性"),
    ), "Women"),
    **dict.fromkeys((
        *("male", "man", "men", "mens", "men's", "gentlemen", "m", "herren", "herr", "homme", "hommes"),
        *("hombre", "hombres", "uomo", "uomini", "heren", "mężczyzna", "mężczyźni", "męski", "męskie"),
        *("masculino", "masculina", "homem", "herre", "メンズ", "男性"),
    ), "Men"),
    **dict.fromkeys(("unisex", "unisexe", "uniseks", "ユニセックス", "男女兼用"), "Unisex"),
    **dict.fromkeys((
        *("girl", "girls", "girl's", "mädchen", "fille", "filles", "niña", "niñas", "bambina", "meisjes"),
        *("dziewczynka", "dziewczęcy", "menina", "flicka", "pige", "ガールズ"),
    ), "Girls"),
    **dict.fromkeys((
        *("boy", "boys", "boy's", "jungen", "garçon", "garçons", "niño", "bambino", "jongens", "chłopiec"),
        *("chłopięcy", "menino", "pojke", "dreng", "ボーイズ"),
    ), "Boys"),
}  # fmt: skip
_CHILDREN = {
    *("kids", "kid", "children", "child", "toddler", "infant", "newborn", "baby", "kinder", "kind", "enfant"),
    *("enfants", "niños", "bambini", "kinderen", "dzieci", "crianças", "infantil", "barn", "børn", "キッズ"),
}
_OF_CHILDREN = {"Women": "Girls", "Men": "Boys"}
_SEPARATED = re.compile(r"\s*(?:[/,;&+|]|\b(?:and|und|et|y|e|en|i|och|og)\b)\s*")


def read_gender(stated: str, age_group: str = "") -> str:
    """ "Women" for "Damen", "Unisex" for "Herren/Damen", "Girls" for a female kid's; "" for other words."""
    text = stated.strip().casefold().replace("’", "'")
    found = {GENDERS.get(part, "") for part in (text, *_SEPARATED.split(text)) if part} - {""}
    gender = "Unisex" if found >= {"Women", "Men"} else GENDERS.get(text, "")
    return _OF_CHILDREN.get(gender, gender) if age_group.strip().casefold() in _CHILDREN else gender
