"""The tables of analytics: searches and clicks, events, daily counts. None holds an address or a picture."""

from analytics.events.models import Event, ProductPair, ProductPopularity
from analytics.experiments.models import Experiment
from analytics.models.blocked import BlockedSuggestion
from analytics.models.counts import DailyCount, DailyCountQuerySet
from analytics.models.searches import ProductClick, SearchLog, SearchLogQuerySet, normalized

__all__ = [
    "BlockedSuggestion",
    "DailyCount",
    "DailyCountQuerySet",
    "Event",
    "Experiment",
    "ProductClick",
    "ProductPair",
    "ProductPopularity",
    "SearchLog",
    "SearchLogQuerySet",
    "normalized",
]
