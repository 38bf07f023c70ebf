"""Where a word stands: whether a colour, a material or a pattern plainly describes the garment."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from search.language.lexicon import (
    DESCRIBING,
    GENDER_OF,
    ONLY_AFTER_FOR,
    RECIPIENTS,
    VALID_WORDS,
)
from search.language.tokenizer import Token
from search.language.tokens import STOP_WORDS
from search.language.vocabulary import Vocabulary

# A longer text is often a title, whose colours may not be the product's; "in red" is plain in any text.
MAX_PLAIN_TOKENS = 6
# What stands behind these and a garment is another one: "tie for a white shirt", "dress with red belt".
_COMPANIONS = frozenset(["for", "with", "over", "under", "match", "matches", "matching", "go", "goes"])
# Stems of a colour and of the word behind it -> whether they are a name.
IsName = Callable[[str, str], bool]


@dataclass(frozen=True)
class Context:
    """Reads the words around a value. ``is_name`` knows the catalogue's titles; None where nothing does."""

    vocabulary: Vocabulary
    is_name: IsName | None = None

    def is_plain(self, tokens: Sequence[Token], at: int, width: int) -> bool:
        """Whether the ``width`` tokens from ``at`` on describe the garment."""
        is_short = len(tokens) <= MAX_PLAIN_TOKENS
        return not self.is_of_another(tokens, at, width) and (
            _follows_in(tokens, at)
            or self._follows_garment(tokens, at)
            or (is_short and self._describes(tokens, at + width))
        )

    def is_of_another(self, tokens: Sequence[Token], at: int, width: int) -> bool:
        """Whether the tokens describe a second garment, which goes with the one that is looked for."""
        garments = self.vocabulary.garments
        behind = next((each for each in tokens[at + width :] if not self._is_describing(each.stem)), None)
        first = next((place for place, each in enumerate(tokens[:at]) if each.stem in garments), at)
        leads_on = any(each.folded in _COMPANIONS for each in tokens[first + 1 : at])
        return leads_on and behind is not None and behind.stem in garments

    def is_no_name(self, tokens: Sequence[Token], at: int, width: int) -> bool:
        """Whether a colour stands before a word that no title uses as a name with it."""
        after = at + width
        if self.is_name is None or after >= len(tokens) or self.is_of_another(tokens, at, width):
            return False
        return not self.is_name(tokens[after - 1].stem, tokens[after].stem)

    def _follows_garment(self, tokens: Sequence[Token], at: int) -> bool:
        """Whether a translated word stands behind its garment: "vestido rojo" is plain in any text."""
        if not tokens[at].is_translated:
            return False
        before = next((each for each in reversed(tokens[:at]) if each.stem not in DESCRIBING), None)
        return before is not None and before.stem in self.vocabulary.garments

    def _describes(self, tokens: Sequence[Token], at: int) -> bool:
        """Whether the tokens after a value are a garment, perhaps behind other plain words, or none."""
        garments = self.vocabulary.garments
        while at < len(tokens) and self._is_describing(tokens[at].stem):
            at += 1
        if at >= len(tokens) or tokens[at - 1].ends_phrase:
            return True
        return tokens[at].stem in garments or tokens[at].folded in STOP_WORDS | RECIPIENTS

    def _is_describing(self, stem: str) -> bool:
        """Whether a word describes a garment, and names neither one nor anything else."""
        if stem in self.vocabulary.garments:
            return False
        return stem in DESCRIBING or stem in GENDER_OF or stem in VALID_WORDS


def names_recipient(tokens: Sequence[Token], at: int) -> bool:
    """Whether a gender word states for whom: "for her", "men's shirts", but not "her shirt"."""
    return tokens[at].folded not in ONLY_AFTER_FOR or (at > 0 and tokens[at - 1].folded in RECIPIENTS)


def _follows_in(tokens: Sequence[Token], at: int) -> bool:
    """Whether the text has "in" before this token, as in "in red"."""
    return at > 0 and tokens[at - 1].folded == "in"
