"""What the ranking reads of a visitor or of a person: one statement over several tables."""

from datetime import UTC, datetime, timedelta

import pytest

from accounts.models import Favorite
from analytics.models import Event, ProductClick, SearchLog
from analytics.sessions import history
from tests.factories import ProductFactory

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)
SESSION = "s" * 32


def ago(**time):
    return NOW - timedelta(**time)


def did(kind, product_id, when, **fields):
    Event.objects.create(type=kind, product_id=product_id, timestamp=when, **{"session": SESSION, **fields})


def shown(product_id, when, **fields):
    row = {"query_type": "text", "took_ms": 1.0, "results_count": 1, "session": SESSION, **fields}
    return SearchLog.objects.create(top_result_id=product_id, timestamp=when, **row)


def acts_of_session():
    return [(act.type, act.product_id, act.when) for act in history.of_session(SESSION, now=NOW)]


def test_a_sessions_events_and_searches_are_in_one_order_newest_first():
    did("view", "first", ago(minutes=5))
    did("basket", "third", ago(minutes=1))
    shown("second", ago(minutes=3))
    assert acts_of_session() == [
        ("basket", "third", ago(minutes=1)),
        ("search", "second", ago(minutes=3)),
        ("view", "first", ago(minutes=5)),
    ]


def test_acts_at_one_moment_stand_as_they_were_written():
    for name in ("one", "two", "three"):
        did("view", name, NOW)
    assert [name for _type, name, _when in acts_of_session()] == ["three", "two", "one"]


def test_each_act_has_the_key_of_its_product_where_the_catalogue_has_it():
    product = ProductFactory(product_id="demo-1")
    did("view", "demo-1", ago(minutes=1))
    did("view", "gone-1", ago(minutes=2))
    assert [act.key for act in history.of_session(SESSION, now=NOW)] == [product.pk, None]


def test_searches_that_found_nothing_or_are_a_persons_show_no_act(ada):
    shown("", ago(minutes=1))
    shown("theirs", ago(minutes=1), user=ada)
    did("view", "theirs", ago(minutes=1), user=ada)
    assert acts_of_session() == []


def test_the_newest_acts_are_read_and_no_more(settings):
    for number in range(history.RECENT + 3):
        did("view", str(number), ago(minutes=number))
    for number in range(history.RECENT_SEARCHES + 3):
        shown("searched", ago(minutes=number))
    acts = history.of_session(SESSION, now=NOW)
    assert len(acts) == history.RECENT + history.RECENT_SEARCHES
    assert str(history.RECENT) not in {act.product_id for act in acts}


def test_a_persons_favourites_clicks_and_events_are_in_one_order(ada):
    product = ProductFactory(product_id="kept")
    Favorite.objects.create(user=ada, product_id="kept")
    Favorite.objects.update(added_at=ago(days=400))
    log = shown("", ago(days=2), user=ada, session="")
    opened = {"position": 1, "timestamp": ago(days=2)}
    ProductClick.objects.create(search=log, user=ada, product_id="opened", **opened)
    did("purchase", "bought", ago(days=1), user=ada, session="")
    found = [(act.type, act.product_id, act.key) for act in history.likes_of_user(ada, now=NOW)]
    assert found == [
        ("purchase", "bought", None),
        ("click", "opened", None),
        ("favourite", "kept", product.pk),
    ]


def test_a_click_that_is_in_the_log_and_an_event_counts_once(ada):
    log = shown("", ago(days=2), user=ada)
    opened = {"position": 1, "timestamp": ago(days=2)}
    ProductClick.objects.create(search=log, user=ada, product_id="opened", **opened)
    did("click", "opened", ago(days=2), user=ada)
    assert [act.type for act in history.likes_of_user(ada, now=NOW)] == ["click"]


def test_what_a_person_did_long_ago_is_not_read_but_what_they_kept(ada):
    Favorite.objects.create(user=ada, product_id="kept")
    Favorite.objects.update(added_at=ago(days=400))
    log = shown("", ago(days=101), user=ada)
    ProductClick.objects.create(
        search=log, user=ada, product_id="opened", position=1, timestamp=ago(days=101)
    )
    did("view", "viewed", ago(days=101), user=ada)
    assert [act.product_id for act in history.likes_of_user(ada, now=NOW)] == ["kept"]


def test_what_others_did_and_kept_is_not_read(ada, django_user_model):
    bob = django_user_model.objects.create_user("bob@example.org", "correct horse battery")
    Favorite.objects.create(user=bob, product_id="kept")
    did("view", "viewed", ago(days=1), user=bob)
    assert history.likes_of_user(ada, now=NOW) == []
