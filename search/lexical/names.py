"""Names that begin with a colour: the brand "Red Tape", the band "Pink Floyd"."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

from search.language.tokens import stems
from search.lexical.documents import LexicalDocument

# "Tape" follows "red" in nearly every title that has it, "rain" follows any colour.
_MIN_SHARE = 0.3
_MIN_TITLES = 2


def collect(documents: Sequence[LexicalDocument]) -> list[str]:
    """The pairs of stems, a colour and a word behind it, that titles use as a name, in alphabetical order."""
    colours = {part for document in documents for part in stems(document.colour)}
    pairs: Counter[tuple[str, str]] = Counter()
    words: Counter[str] = Counter()
    for document in documents:
        title = stems(document.title)
        words.update(set(title))
        pairs.update({pair for pair in pairwise(title) if pair[0] in colours and pair[1] not in colours})
    return sorted(
        f"{colour} {word}"
        for (colour, word), count in pairs.items()
        if count >= max(_MIN_TITLES, _MIN_SHARE * words[word])
    )
