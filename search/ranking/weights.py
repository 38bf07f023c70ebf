"""The weights of the ranking that the settings choose; the arithmetic itself knows no settings."""

from __future__ import annotations

from django.conf import settings

from search.ranking.score import Weights


def configured_weights() -> Weights:
    """Those of the setting RANKING_WEIGHTS. Raises ValueError for one that is out of its range."""
    return Weights(**settings.RANKING_WEIGHTS)
