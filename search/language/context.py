"""Where a word stands: whether a colour, a material or a pattern plainly describes the garment."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import pairwise

from search.language.lexicon import (
    ALTERNATIVES,
    BEFORE_RECIPIENTS,
    COMPANIONS,
    DESCRIBING,
    GENDER_OF,
    IMITATING,
    JOINERS,
    KIN,
    ONLY_AFTER_FOR,
    OTHER_MEANINGS,
    PARTS,
    PATTERNED,
    RECIPIENTS,
    VALID_WORDS,
)
from search.language.tokenizer import Token
from search.language.tokens import STOP_WORDS, stem
from search.language.vocabulary import NamedValue, Vocabulary

# A longer text is often a title, whose colours may not be the product's; "in red" is plain in any text.
MAX_PLAIN_TOKENS = 6
# What stands behind these and a garment is another one: "tie for a white shirt", "dress with red belt".
_COMPANIONS = COMPANIONS | frozenset(["for", "with", "over", "under"])
# "With red colour" says no more than "in red".
_NO_PARTS = frozenset(map(stem, ["colour", "tone", "look", "style"]))
_SIGNS = (",", "/", "&", "+")
# What stands between alternatives; of brands "and" does as well.
_EITHER, _ANY = ALTERNATIVES.union([",", "/"]), JOINERS.union(_SIGNS)
_NO_BRANDS = ("colour", "material", "pattern", "category", "gender")
# Stems of a colour and of the word behind it -> whether they are a name.
IsName = Callable[[str, str], bool]
# A value and the place of its first token.
Found = tuple[int, NamedValue]


@dataclass(frozen=True)
class Context:
    """Reads the words around a value. ``is_name`` knows the catalogue's titles; None where nothing does."""

    vocabulary: Vocabulary
    is_name: IsName | None = None

    def is_plain(self, tokens: Sequence[Token], at: int, width: int) -> bool:
        """Whether the ``width`` tokens from ``at`` on describe the garment."""
        is_short = self._is_short(tokens)
        return not self._is_of_another(tokens, at, width) and (
            _follows_in(tokens, at)
            or self._follows_garment(tokens, at)
            or (is_short and self._describes(tokens, at + width))
        )

    def is_plain_look(self, tokens: Sequence[Token], at: int, width: int) -> bool:
        """Whether a material or a pattern describes the garment of a short text; "vegan leather" is none."""
        is_imitated = at > 0 and tokens[at - 1].folded in IMITATING
        return not is_imitated and is_short(tokens) and self.is_plain(tokens, at, width)

    def joined_brands(self, tokens: Sequence[Token], text: str) -> Iterator[tuple[int, NamedValue, int]]:
        """The brands of "puma or nike shoes", each with the offset at which it begins, with what alone joins
        it to the one before; nothing where the text joins no two.

        A word that is a colour's or a kind's as well is no brand's.
        """
        found = [
            (at, named)
            for at, named in self.vocabulary.named(tokens, "brand")
            if not (other := self.vocabulary.match(tokens, at, fields=_NO_BRANDS))
            or other.width < named.width
        ]
        behind, left = -2, 0
        for at, named in found if are_alternatives(tokens, found, text, joiners=_ANY) and found[1:] else ():
            yield at, named, left if at - behind <= 1 else tokens[at].start
            behind, left = at + named.width, tokens[at + named.width - 1].end

    def is_plain_colour(self, tokens: Sequence[Token], at: int, width: int) -> bool:
        """Whether a colour describes the garment: also before a word that no title uses as a name with it,
        but not where it is that of a part, as in "with red flowers", or no colour, as in "sapphire ring".
        """
        if self._is_of_part(tokens, at, width) or _is_material(tokens, at, width):
            return False
        is_short = self._is_short(tokens)
        return self.is_plain(tokens, at, width) or (is_short and self._is_no_name(tokens, at, width))

    def of_garment(self, tokens: Sequence[Token], found: Sequence[Found]) -> Sequence[Found]:
        """The colours without those of a part, a pattern or another garment, where others remain: the white
        of "white shirt with red and blue stripes".
        """
        groups: list[list[Found]] = []
        for each in found:
            joined = groups and tokens[each[0] - 1].folded in JOINERS
            is_next = joined and sum(_span(groups[-1][-1])) == each[0] - 1
            groups = [*groups[:-1], [*groups[-1], each]] if is_next else [*groups, [each]]
        kept = [group for group in groups if not any(self._is_beside(tokens, *_span(each)) for each in group)]
        return [each for group in kept for each in group] if kept else found

    def _is_beside(self, tokens: Sequence[Token], at: int, width: int) -> bool:
        """Whether a colour is that of something else than the garment, if that has one of its own."""
        if self._is_of_another(tokens, at, width) or self._is_of_part(tokens, at, width):
            return True
        behind, before = tokens[at + width : at + width + 1], tokens[max(at - 1, 0) : at]
        # "Chemise blanche à rayures bleues": what describes a thing stands behind it.
        is_behind = tokens[at].is_translated and self._first_garment(tokens) < at
        if is_behind and any(each.folded in PARTS | PATTERNED for each in before):
            return True
        return any(each.folded in (PARTS if is_behind else PARTS | PATTERNED) for each in behind)

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
        """Where a word behind a garment leads on to something else."""
        places = range(at - 1, self._first_garment(tokens[:at]), -1)
        return next((place for place in places if _leads_on(tokens, place)), None)

    def _is_short(self, tokens: Sequence[Token]) -> bool:
        """Whether the text is too short for a title, up to where it leads on from the garment."""
        places = range(self._first_garment(tokens) + 1, len(tokens) - 1)
        end = next(filter(partial(_leads_on, tokens), places), len(tokens))
        return is_short(tokens[:end])

    def _first_garment(self, tokens: Sequence[Token]) -> int:
        garments = self.vocabulary.garments
        return next((place for place, each in enumerate(tokens) if each.stem in garments), len(tokens))

    def _is_no_name(self, tokens: Sequence[Token], at: int, width: int) -> bool:
        """Whether a colour stands before a word that no title uses as a name with it."""
        after = at + width
        if self.is_name is None or after >= len(tokens) or self._is_of_another(tokens, at, width):
            return False
        return not self.is_name(tokens[after - 1].stem, tokens[after].stem)

    def _follows_garment(self, tokens: Sequence[Token], at: int) -> bool:
        """Whether a translated word stands behind its garment: "vestido rojo" is plain in any text, and so is
        "cinturón de cuero marrón".
        """
        if not tokens[at].is_translated:
            return False
        passed = (each for each in reversed(tokens[:at]) if each.folded != "of")
        before = next((each for each in passed if each.stem not in DESCRIBING), None)
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


def is_short(tokens: Sequence[Token]) -> bool:
    """Whether these are fewer words than a title has, without the little words that make a sentence."""
    return sum(token.folded not in STOP_WORDS for token in tokens) <= MAX_PLAIN_TOKENS


def _leads_on(tokens: Sequence[Token], at: int) -> bool:
    """Whether a word leads on to something else; "for women" names who wears it."""
    behind = (token for token in tokens[at + 1 :] if token.folded not in BEFORE_RECIPIENTS)
    recipient = next(behind, tokens[at]).stem
    is_recipient = tokens[at].folded == "for" and (recipient in GENDER_OF or recipient in KIN)
    return tokens[at].folded in _COMPANIONS and not is_recipient


def are_alternatives(
    tokens: Sequence[Token], found: Sequence[Found], text: str, *, joiners: Collection[str] = _EITHER
) -> bool:
    """Whether the values stand as in "red or blue", "red/blue" or "red, blue or green"."""
    joints = []
    for before, (at, _named) in pairwise(found):
        between = text[tokens[sum(_span(before)) - 1].end : tokens[at].start].strip()
        joints.append(between if between in _SIGNS else tokens[at - 1].folded)
    return joints[-1:] != [","] and set(joints) <= set(joiners)


def _span(found: Found) -> tuple[int, int]:
    return found[0], found[1].width


def names_recipient(tokens: Sequence[Token], at: int) -> bool:
    """Whether a gender word states for whom: "for my wife", "men's shirts", but not "her shirt"."""
    if tokens[at].folded not in ONLY_AFTER_FOR and tokens[at].stem not in KIN:
        return True
    while at > 0 and tokens[at - 1].folded in BEFORE_RECIPIENTS:
        at -= 1
    return at > 0 and tokens[at - 1].folded in RECIPIENTS


def _is_material(tokens: Sequence[Token], at: int, width: int) -> bool:
    """Whether a shade is a stone or a scent of what stands behind it; "emerald green ring" is of a colour."""
    things = OTHER_MEANINGS.get(tokens[at].stem, frozenset()) if width == 1 else frozenset()
    return any(each.stem in things for each in tokens[at + 1 :])


def _follows_in(tokens: Sequence[Token], at: int) -> bool:
    """Whether the text has "in" before this token, as in "in red"."""
    return at > 0 and tokens[at - 1].folded == "in"
