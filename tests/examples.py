"""How often a property is tried: on one's own machine a quarter as often as in CI."""

import os


def examples(in_ci: int) -> int:
    """The ``max_examples`` of a property of the quick tests, for one that is tried ``in_ci`` times in CI."""
    return in_ci if os.environ.get("CI") else in_ci // 4
