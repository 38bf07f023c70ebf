"""Misspelt words of the languages that are translated: "Jakke" is meant as "Jacke", "vestdo" as "vestido"."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache, lru_cache

from search.language.languages import Kind, Language, data, look_up
from search.language.spelling import Speller, edits, is_typical
from search.language.tokens import fold

_WORD = re.compile(r"[^\W\d_]+")
# Shorter words are close to too many others.
_SHORTEST = 5
_SHORTEST_PART = 4
# Each word is compared with all of a language.
_MOST = 6


def in_language(
    language: Language, text: str, is_doubtful: Callable[[str], bool], *, most_edits: int = 2
) -> str:
    """``text`` with each doubtful word as the nearest one of this language, where a typical mistake is all
    between them; "" where nothing changes. ``is_doubtful`` is asked about folded words.

    A word may be up to ``most_edits`` away: fewer where nothing says that the text is in this language.
    """
    written = [match.group() for match in _WORD.finditer(text)]
    doubtful = [each for each in written if len(fold(each)) >= _SHORTEST and is_doubtful(fold(each))]
    meant = {each: _meant(language, fold(each), most_edits) for each in doubtful[:_MOST]}
    left = _WORD.sub(lambda match: meant.get(match.group()) or match.group(), text)
    return left if any(meant.values()) else ""


@lru_cache(maxsize=4096)
def _meant(language: Language, word: str, most_edits: int) -> str:
    """What a folded word of the language is meant as, in its own letters; "" for nothing near."""
    if word in language.words or _is_compound(language, word):
        return ""
    meant = _nearest(language, word, most_edits) or next(_compounds(language, word), "")
    return _in_its_letters(language, meant) if meant else ""


def _nearest(language: Language, word: str, most_edits: int = 1) -> str:
    meant = _speller(language).correct(word)
    is_near = bool(meant) and is_typical(word, meant) and edits(word, meant) <= most_edits
    return meant if is_near else ""


def _is_compound(language: Language, word: str) -> bool:
    """Whether two words of the language make it: "Winterschuhe" are no "Wanderschuhe", and "Damenkleid" is no
    "Dame" with a misspelt dress. Where it is read by its end alone, the rest may be misspelt.
    """
    meaning = look_up(language, (word,))
    heads = (language.words.get(word[at:]) for at in range(1, len(word)))
    return meaning is not None and all(head is None or head.english != meaning.english for head in heads)


def _compounds(language: Language, word: str) -> Iterator[str]:
    """ "Winterjakke": a first part that the language knows, before a head that is misspelt."""
    for cut in range(_SHORTEST_PART, len(word) - _SHORTEST_PART + 1) if language.prefixes else ():
        if head := _nearest(language, word[cut:]):
            compound = look_up(language, (word[:cut] + head,))
            # Of an unknown first part nothing would be left but the head.
            if compound is not None and compound.english != language.words[head].english:
                yield word[:cut] + head


@cache
def _speller(language: Language) -> Speller:
    content = {word: meaning for word, meaning in language.words.items() if meaning.kind is not Kind.LITTLE}
    # Endings make forms that nobody writes, and these are longer: "hoseen" beside "hosen".
    longest = max(map(len, content))
    counts = {word: longest - len(word) + longest * (word == each.base) for word, each in content.items()}
    return Speller(counts)


def _in_its_letters(language: Language, word: str) -> str:
    """A folded word as the language writes it: "gürtel" for "gurtel"."""
    written, meaning = _written(language.code), look_up(language, (word,))
    base = "" if meaning is None else meaning.base
    # An umlaut stays in every form, a Spanish accent does not: "pantalón", "pantalones".
    if word in written or not base or "transcriptions" not in data(language.code):
        return written.get(word, word)
    return word.replace(base, written.get(base, base))


@cache
def _written(code: str) -> Mapping[str, str]:
    """Each folded word of a language -> the word as its file writes it."""
    sections: Iterable[object] = data(code).values()
    listed = (words for section in sections if isinstance(section, dict) for words in section)
    return {fold(word): word for words in listed for word in words.split("|")}
