"""The visits that ``manage.py seed_demo`` makes up, with a stand-in encoder."""

from datetime import timedelta

import pytest
from django.utils import timezone

from analytics.models import (
    DailyCount,
    Event,
    ProductClick,
    ProductPair,
    ProductPopularity,
    SearchLog,
)
from catalog.models import Product
from demo import visits
from tests.demo.seeded import seed
from tests.factories import NOW

# Each test fills a shop and makes up its visits.
pytestmark = pytest.mark.slow


def test_visits_lie_in_the_past_days(place):
    seed()
    now = timezone.now()
    times = SearchLog.objects.values_list("timestamp", flat=True)
    assert min(times) > now - timedelta(days=5)
    assert max(times) <= now


def test_visits_are_marked_and_counted_for_the_dashboard(place):
    seed()
    assert not SearchLog.objects.filter(is_demo=False).exists()
    counted = sum(DailyCount.objects.filter(measure="type").values_list("count", flat=True))
    assert counted == SearchLog.objects.values("visit").distinct().count()


def test_shoppers_look_buy_and_are_learned_from(place):
    seed()
    events = Event.objects.all()
    assert set(events.values_list("type", flat=True)) == {"view", "click", "basket", "purchase"}
    assert not events.filter(is_demo=False).exists()
    assert max(events.values_list("timestamp", flat=True)) <= timezone.now()
    assert not events.filter(type="purchase", value=None).exists()
    assert ProductPopularity.objects.exists()
    assert ProductPair.objects.exists()


def test_forgetting_the_visits_forgets_what_was_learned(place):
    seed()
    visits.forget_visits()
    assert not Event.objects.exists()
    assert not ProductPopularity.objects.exists()
    assert not ProductPair.objects.exists()


def test_clicks_are_on_products_that_were_found(place):
    seed()
    known = set(Product.objects.values_list("product_id", flat=True))
    assert set(ProductClick.objects.values_list("product_id", flat=True)) <= known


def test_forgetting_the_visits_leaves_the_counts_of_real_ones(place):
    DailyCount.objects.create(day=NOW.date(), measure="type", key="text", count=3)
    seed()
    assert visits.forget_visits() > 60
    assert not SearchLog.objects.exists()
    assert list(DailyCount.objects.values_list("measure", "key", "count")) == [("type", "text", 3)]


def test_making_visits_does_not_log_the_queries_themselves(place):
    seed()
    shown = SearchLog.objects.filter(query_text="red dress").values_list("results_count", flat=True)
    assert set(shown) != {0}
    assert SearchLog.objects.filter(query_type="hybrid").exists()
