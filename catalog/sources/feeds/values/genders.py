"""For whom a product is, as shops word it in several languages."""

from __future__ import annotations

import re

GENDERS = {
    **dict.fromkeys((
        *("female", "woman", "women", "womens", "women's", "ladies", "f", "w", "damen", "dame", "femme"),
        *("femmes", "mujer", "mujeres", "donna", "donne", "dames", "kobieta", "kobiety", "damski", "damskie"),
        *("kadın", "bayan", "dámské", "dámský", "dámy", "ženy", "žena", "női", "nő", "женский", "женское"),
        *("женщинам", "женщины", "女", "女士", "女装"),
        *("여성", "naiset", "naisten", "kvinna", "kvinne", "kvinde", "kvinnor", "femei", "γυναικεία"),
        *("feminin", "féminin", "womenswear", "lady"),
        *("feminino", "feminina", "femenino", "mulher", "dam", "レディース", "女性"),
        *("frau", "frauen", "weiblich", "ladies'", "lady's", "vrouw", "vrouwen", "kvinder", "kvinner"),
        *("feminine", "féminine", "femenina", "femenil", "femminile", "dama", "damas", "señora", "señoras"),
        *("mulheres", "damska", "damskich", "nainen", "naisille", "dámska", "dámske", "ženské", "ženski"),
        *("femeie", "γυναίκα", "γυναίκες", "γυναικείο", "жінки", "жіночий", "жени", "дамски", "женская"),
        *("женские", "여자"),
    ), "Women"),
    **dict.fromkeys((
        *("male", "man", "men", "mens", "men's", "gentlemen", "m", "herren", "herr", "homme", "hommes"),
        *("hombre", "hombres", "uomo", "uomini", "heren", "mężczyzna", "mężczyźni", "męski", "męskie"),
        *("erkek", "bay", "pánské", "pánský", "páni", "muži", "muž", "férfi", "мужской", "мужское"),
        *("мужчинам", "мужчины", "男", "男士", "男装", "남성", "miehet", "miesten", "mann", "mand", "män"),
        *("bărbați", "ανδρικά", "masculin", "menswear", "herrar"),
        *("masculino", "masculina", "homem", "herre", "メンズ", "男性"),
        *("männer", "männlich", "herrn", "gents", "gentleman", "mannen", "mænd", "menn", "masculine"),
        *("maschile", "caballero", "caballeros", "homens", "męska", "męskich", "mies", "miehille"),
        *("pánska", "pánske", "mužské", "muški", "bărbat", "άνδρας", "άνδρες", "ανδρικό", "чоловіки"),
        *("чоловічий", "мъже", "мъжки", "мужская", "мужские", "남자"),
    ), "Men"),
    **dict.fromkeys((
        *("unisex", "unisexe", "uniseks", "unissex", "ユニセックス", "男女兼用", "унисекс", "남녀공용"),
        *("mixte", "gender neutral", "gender-neutral", "genderless", "all genders", "geschlechtsneutral"),
    ), "Unisex"),
    **dict.fromkeys((
        *("girl", "girls", "girl's", "mädchen", "fille", "filles", "niña", "niñas", "bambina", "meisjes"),
        *("dziewczynka", "dziewczęcy", "menina", "flicka", "pige", "ガールズ"),
        *("girls'", "bambine", "dziewczynki", "meninas", "flickor", "piger", "jente", "jenter", "tytöt"),
        *("dívky", "dívčí", "lányok", "κορίτσι", "κορίτσια", "девочки", "девочкам", "дівчатка", "女童"),
    ), "Girls"),
    **dict.fromkeys((
        *("boy", "boys", "boy's", "jungen", "garçon", "garçons", "niño", "bambino", "jongens", "chłopiec"),
        *("chłopięcy", "menino", "pojke", "dreng", "ボーイズ"),
        *("boys'", "junge", "jungs", "jongen", "chłopcy", "meninos", "pojkar", "drenge", "gutt", "gutter"),
        *("pojat", "chlapci", "fiúk", "αγόρι", "αγόρια", "мальчики", "мальчикам", "хлопчики", "男童"),
    ), "Boys"),
}  # fmt: skip
_CHILDREN = {
    *("kids", "kid", "children", "child", "toddler", "infant", "newborn", "baby", "kinder", "kind", "enfant"),
    *("enfants", "niños", "bambini", "kinderen", "dzieci", "crianças", "infantil", "barn", "børn", "キッズ"),
}
_OF_CHILDREN = {"Women": "Girls", "Men": "Boys"}
_THINGS = re.compile(
    r"'?\s+(?:fashion|clothing|clothes|apparel|wear|adults?|mode|kleidung|vêtements|moda|giyim)$"
)
_SEPARATED = re.compile(r"\s*(?:[/,;&+|]|\s[-–>]+\s|\b(?:and|und|et|y|e|en|i|och|og)\b)\s*")


def _gender(part: str) -> str:
    """That of "women", and of "women's fashion": what follows says what it is, not for whom."""
    return GENDERS.get(part) or GENDERS.get(_THINGS.sub("", part), "")


def read_gender(stated: str, age_group: str = "") -> str:
    """ "Women" for "Damen", "Unisex" for "Herren/Damen", "Girls" for a female kid's; "" for other words."""
    text = stated.strip().casefold().replace("’", "'")
    parts = [part for part in _SEPARATED.split(text) if part]
    found = {_gender(part) for part in parts} - {""}
    gender = "Unisex" if found >= {"Women", "Men"} else GENDERS.get(text, "")
    if not gender and len(found) == 1 and all(_gender(part) or part in _CHILDREN for part in parts):
        gender = found.pop()
        age_group = next((part for part in parts if part in _CHILDREN), age_group)
    return _OF_CHILDREN.get(gender, gender) if age_group.strip().casefold() in _CHILDREN else gender
