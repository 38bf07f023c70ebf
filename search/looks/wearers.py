"""Who wears a product: a look never mixes genders, nor children with adults."""

from __future__ import annotations

from collections.abc import Iterable

from search.language.lexicon import GENDER_OF
from search.language.tokens import stems

WOMAN, MAN, GIRL, BOY, CHILD, BABY, UNISEX, UNSTATED = range(8)
ADULTS, CHILDREN = (WOMAN, MAN), (GIRL, BOY)
_BY_NAME = {"woman": WOMAN, "man": MAN, "girl": GIRL, "boy": BOY}
_WORDS = {
    **dict.fromkeys(("kid", "child", "junior", "teen", "kinder", "enfant"), CHILD),
    **dict.fromkeys(("baby", "infant", "newborn", "toddler"), BABY),
    **dict.fromkeys(("unisex", "adult"), UNISEX),
}
_OTHER_SEX = {WOMAN: (MAN, BOY), GIRL: (MAN, BOY), MAN: (WOMAN, GIRL), BOY: (WOMAN, GIRL)}
_AS_A_CHILD = {WOMAN: GIRL, MAN: BOY, UNISEX: CHILD, UNSTATED: CHILD}
# A word of a title -> by wearer, who wears the product then. Not "baby", which names watches and dolls.
_OF_KIDS = tuple(_AS_A_CHILD.get(each, each) for each in range(8))
_OF_GIRLS, _OF_BOYS = (tuple(each if each == BABY else child for each in range(8)) for child in (GIRL, BOY))
CHILDREN_WORDS = {
    **dict.fromkeys(("kids", "infant", "toddler", "kinder"), _OF_KIDS),
    **dict.fromkeys(("girls", "mädchen"), _OF_GIRLS),
    **dict.fromkeys(("boys", "jungen"), _OF_BOYS),
}


def wearer(gender: str, age_group: str = "") -> int:
    """Read from a shop's words: "Damen", "Men's", "female" with the age group "kids"."""
    found = _read(gender)
    age = _read(age_group)
    if age == BABY:
        return BABY
    return _AS_A_CHILD.get(found, found) if age == CHILD else found


def of_the_other_sex(gender: str, stated: Iterable[str]) -> tuple[str, ...]:
    """Of the genders that a shop has stated, those of products that nobody wears who wears ``gender``."""
    others = _OTHER_SEX.get(wearer(gender), ())
    return tuple(each for each in stated if wearer(each) in others)


def _read(words: str) -> int:
    found = [_WORDS.get(stem, _BY_NAME.get(GENDER_OF.get(stem, ""), UNSTATED)) for stem in stems(words)]
    known = [each for each in found if each != UNSTATED]
    # "Women, Men" is for both, and so is "Girls, Boys".
    if {WOMAN, GIRL}.intersection(known) and {MAN, BOY}.intersection(known):
        return UNISEX if {WOMAN, MAN}.intersection(known) else CHILD
    return known[0] if known else UNSTATED


def groups_with(who: int) -> tuple[tuple[int, ...], ...]:
    """The wearers whose products may stand in one look with a product of ``who``; of several such groups
    one is chosen for the whole look.
    """
    if who in ADULTS:
        return ((who, UNISEX, UNSTATED),)
    if who in CHILDREN:
        return ((who, CHILD),)
    if who == CHILD:
        return tuple((CHILD, each) for each in CHILDREN)
    if who == BABY:
        return ((BABY,),)
    return tuple((UNISEX, UNSTATED, each) for each in ADULTS)
