"""What a sign test says, in plain words."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from analytics.experiments.outcome import Outcome
from analytics.experiments.sign_test import SignTest

# So many further visits are no plan any more: the difference is as good as none.
TOO_MANY = 100_000


@dataclass(frozen=True)
class Verdict:
    """``sentence`` says who is better or that it is not decided, ``outlook`` what it takes; shares in per
    cent of the decided visits that preferred the variant, for drawing.
    """

    test: SignTest
    sentence: str
    outlook: str = ""

    @property
    def low(self) -> float:
        return round(100 * self.test.interval[0], 1)

    @property
    def high(self) -> float:
        return round(100 * self.test.interval[1], 1)

    @property
    def width(self) -> float:
        return round(self.high - self.low, 1)

    @property
    def share(self) -> float | None:
        return None if self.test.share is None else round(100 * self.test.share, 1)


def verdict(test: SignTest, outcome: Outcome) -> Verdict:
    if test.share is None:
        return Verdict(test, _("No visit has decided yet."))
    if test.is_decided:
        return Verdict(test, _better(test))
    return Verdict(test, _undecided(test), _outlook(test, outcome))


def _better(test: SignTest) -> str:
    sentence = _("The variant is better: %(shares)s")
    if test.ours > test.theirs:
        sentence = _("The shop's ranking is better: %(shares)s")
    return sentence % {"shares": _shares(test)}


def _undecided(test: SignTest) -> str:
    sentence = _("Not decided yet, the variant leads: %(shares)s")
    if test.ours == test.theirs:
        sentence = _("Not decided yet, both are level: %(shares)s")
    elif test.ours > test.theirs:
        sentence = _("Not decided yet, the shop's ranking leads: %(shares)s")
    return sentence % {"shares": _shares(test)}


def _shares(test: SignTest) -> str:
    """Of the ranking that leads."""
    share, (low, high) = test.share or 0.0, test.interval
    if test.ours > test.theirs:
        share, low, high = 1 - share, 1 - high, 1 - low
    values = {
        "share": round(100 * share),
        "low": round(100 * low),
        "high": round(100 * high),
        "n": _number(test.decided),
    }
    return _("%(share)s %% [%(low)s–%(high)s %%] of %(n)s decided visits.") % values


def _outlook(test: SignTest, outcome: Outcome) -> str:
    needed = test.needed
    if needed is None or needed > TOO_MANY:
        return _("The two are so close that no number of visits in reach would tell them apart.")
    if not needed:
        return _("So large a difference could have shown by now; a few more visits will tell.")
    # Most visits open nothing, or what both rankings show alike.
    visits = round(needed * outcome.visits / test.decided)
    return _(
        "About %(needed)s more decided visits would decide a difference as large as this: some %(visits)s "
        "visits."
    ) % {"needed": _number(_rounded(needed)), "visits": _number(_rounded(visits))}


def _rounded(count: int) -> int:
    """To two digits: the estimate is no better than that."""
    step = int(10 ** max(len(str(count)) - 2, 0))
    return -(-count // step) * step


def _number(count: int) -> str:
    return number_format(count, use_l10n=True, force_grouping=True)
