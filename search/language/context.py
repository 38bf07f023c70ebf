"""Where a word stands: whether a colour, a material or a pattern plainly describes the garment."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from search.language.lexicon import (
    ALTERNATIVES,
    DESCRIBING,
    GENDER_OF,
    ONLY_AFTER_FOR,
    OTHER_MEANINGS,
    RECIPIENTS,
    VALID_WORDS,
)
from search.language.tokenizer import Token
from search.language.tokens import STOP_WORDS, stem
from search.language.vocabulary import Vocabulary

# A longer text is often a title, whose colours may not be the product's; "in red" is plain in any text.
MAX_PLAIN_TOKENS = 6
# What stands behind these and a garment is another one: "tie for a white shirt", "dress with red belt".
_COMPANIONS = frozenset(["for", "with", "over", "under", "match", "matches", "matching", "go", "goes"])
# "With red colour" says no more than "in red".
_NO_PARTS = frozenset(map(stem, ["colour", "tone", "look", "style"]))
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
        return not self._is_of_another(tokens, at, width) and (
            _follows_in(tokens, at)
            or self._follows_garment(tokens, at)
            or (is_short and self._describes(tokens, at + width))
        )

    def is_plain_colour(self, tokens: Sequence[Token], at: int, width: int) -> bool:
        """Whether a colour describes the garment: also before a word that no title uses as a name with it,
        but not where it is that of a part, as in "with red flowers", or no colour, as in "sapphire ring".
        """
        if self._is_of_part(tokens, at, width) or _is_material(tokens, at, width):
            return False
        is_short = len(tokens) <= MAX_PLAIN_TOKENS
        return self.is_plain(tokens, at, width) or (is_short and self._is_no_name(tokens, at, width))

    def _is_of_another(self, tokens: Sequence[Token], at: int, width: int) -> bool:
        """Whether the tokens describe a second garment, which goes with the one that is looked for."""
        behind = next((each for each in tokens[at + width :] if not self._is_describing(each.stem)), None)
        leads_on = self._leading(tokens, at) is not None
        return leads_on and behind is not None and behind.stem in self.vocabulary.garments

    def _is_of_part(self, tokens: Sequence[Token], at: int, width: int) -> bool:
        leading, after = self._leading(tokens, at), at + width
        if leading is None or tokens[leading].folded == "for" or after >= len(tokens):
            return False
        between, behind = tokens[leading + 1 : at], tokens[after]
        leads_here = all(each.folded in STOP_WORDS or self._is_describing(each.stem) for each in between)
        is_thing = (
            behind.folded not in STOP_WORDS | RECIPIENTS | ALTERNATIVES and behind.stem not in GENDER_OF
        )
        return leads_here and is_thing and behind.stem not in _NO_PARTS and not tokens[after - 1].ends_phrase

    def _leading(self, tokens: Sequence[Token], at: int) -> int | None:
        """Where a word behind a garment leads on to something else; "for women" names who wears it."""
        garments = self.vocabulary.garments
        first = next((place for place, each in enumerate(tokens[:at]) if each.stem in garments), at)
        for place in range(at - 1, first, -1):
            is_recipient = tokens[place].folded == "for" and tokens[place + 1].stem in GENDER_OF
            if tokens[place].folded in _COMPANIONS and not is_recipient:
                return place
        return None

    def _is_no_name(self, tokens: Sequence[Token], at: int, width: int) -> bool:
        """Whether a colour stands before a word that no title uses as a name with it."""
        after = at + width
        if self.is_name is None or after >= len(tokens) or self._is_of_another(tokens, at, width):
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


def _is_material(tokens: Sequence[Token], at: int, width: int) -> bool:
    """Whether a shade is a stone or a scent of what stands behind it; "emerald green ring" is of a colour."""
    things = OTHER_MEANINGS.get(tokens[at].stem, frozenset()) if width == 1 else frozenset()
    return any(each.stem in things for each in tokens[at + 1 :])


def _follows_in(tokens: Sequence[Token], at: int) -> bool:
    """Whether the text has "in" before this token, as in "in red"."""
    return at > 0 and tokens[at - 1].folded == "in"
