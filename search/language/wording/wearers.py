"""For whom a thing is: a stated gender, and an age, which tells children's things from adults'."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from search.language.context import names_recipient
from search.language.lexicon import BEFORE_RECIPIENTS, BOUNDARIES, GENDER_OF, KIN, YOUNG_KIN, phrases
from search.language.numerals import in_figures, start_of
from search.language.patterns import any_of, lowered, range_words
from search.language.tokenizer import Token
from search.language.vocabulary import NamedValue, Vocabulary
from search.language.wording.ages import GROWN_UP, MONTHS, YEARS

_MONTHS, _YEARS = (
    # A blank in a unit stands for a hyphen too: "8-year-old". Letters alone are sizes: "6m".
    any_of(unit for unit in phrases("readings", name) if len(unit) > 1).replace(r"\ ", r"[\s-]")
    for name in (MONTHS, YEARS)
)
_AGE = re.compile(
    rf"(?<![\w.,-])(?:(?P<years>\d{{1,2}})[\s-]?(?:{_YEARS})|\d{{1,2}}[\s-]?(?:{_MONTHS})"
    rf"|(?:{any_of(phrases('readings', 'aged'))})\s+(?P<aged>\d{{1,2}})(?:\s(?:{_YEARS}))?(?![.,]?\d)"
    rf"|(?P<small>{any_of(phrases('readings', 'small_children'))}))(?![\w-])"
)
# "Under 16 years" and "14 to 16 years" are ages of children too.
_LIMITED = re.compile(rf"(?:\b(?:{any_of([*range_words(), *phrases('prices', 'below')])})|[-\u2013])\s*$")
_ADULT = {"boy": "man", "girl": "woman"}


@dataclass(frozen=True)
class Wearer:
    """Somebody of the catalogue's genders ``named`` by the token ``at``. The characters of ``age`` say how
    old they are, None where nothing does or where the words describe things too ("toddler").
    """

    at: int
    named: NamedValue
    age: tuple[int, int] | None = None


@dataclass(frozen=True)
class _Age:
    is_child: bool
    start: int
    end: int
    is_number: bool


def wearers(tokens: Sequence[Token], text: str, vocabulary: Vocabulary) -> Iterator[Wearer]:
    """For whom a text asks; ``tokens`` are its own. Whether a son wears children's things only an age tells,
    and nobody of a gender that the catalogue has nothing for is named.
    """
    ages = list(_ages(text))
    stated = {at: named for at, named in vocabulary.named(tokens, "gender") if names_recipient(tokens, at)}
    for at, token in enumerate(tokens):
        gender = YOUNG_KIN.get(token.stem) or GENDER_OF.get(token.stem) or KIN.get(token.stem, "")
        age = next((each for each in ages if gender and _is_of(each, tokens, at)), None)
        if age is not None and (gender in _ADULT or not age.is_child):
            whose = gender if age.is_child else _ADULT.get(gender, gender)
            if values := vocabulary.genders.get(whose):
                named = NamedValue("gender", values, values[0], 1)
                yield Wearer(at, named, (age.start, age.end) if age.is_number else None)
        elif at in stated:
            yield Wearer(at, stated[at])


def _ages(text: str) -> Iterator[_Age]:
    """What a text says of ages: "8 year old", "aged seven", "6 months", "toddler"."""
    lower = lowered(text)
    for match in _AGE.finditer(in_figures(lower)):
        # An age in months is that of a baby.
        years = int(match["years"] or match["aged"] or 0)
        start = start_of(lower, match.start())
        if years >= GROWN_UP and _LIMITED.search(lower, 0, start):
            continue
        yield _Age(years < GROWN_UP, start, match.end(), is_number=match["small"] is None)


def _is_of(age: _Age, tokens: Sequence[Token], at: int) -> bool:
    """Whether an age stands beside the token: "my 8 year old little nephew", "a boy aged 7 for school"."""
    person = tokens[at]
    if age.end <= person.start:
        between = [each for each in tokens[:at] if each.start >= age.end]
        return all(each.folded in BEFORE_RECIPIENTS and not each.ends_phrase for each in between)
    if age.start < person.end or not age.is_number:
        return False
    is_next = not any(person.end <= each.start < age.start for each in tokens)
    behind = next((each for each in tokens if each.start >= age.end), None)
    return is_next and (behind is None or behind.folded in BOUNDARIES or tokens[-1].end <= age.end)
