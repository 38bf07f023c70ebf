"""What a visitor looked at, without a sign-in: for you, the order, and the home page."""

from datetime import timedelta

import numpy as np
import pytest
from django.core.cache import cache, caches
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts import api_keys
from accounts.models import User
from analytics import recording
from analytics.events import learning
from analytics.events.tokens import page_token
from analytics.models import DailyCount, Event, SearchLog
from analytics.sessions import forgetting, keys
from search import engine, paging, retrieval
from search.answers.frozen import AnswerExpired
from search.query import Filters, InvalidQuery, SearchQuery
from search.ranking import popularity, taste
from tests.search.shop import NOW

pytestmark = pytest.mark.django_db
JSON = {"content_type": "application/json"}
NAME = "4f0c1b8e2d7a4c55"
SESSION = keys.key_of("client", NAME)


@pytest.fixture(autouse=True)
def _nothing_learned_by_other_tests():
    cache.delete(popularity.CACHE_KEY)


def viewed(*products, session=SESSION, now=NOW, **fields):
    Event.objects.bulk_create(
        Event(type="view", product_id=each.product_id, session=session, timestamp=now, **fields)
        for each in products
    )


def ask(*, session=SESSION, **query):
    return retrieval.search(SearchQuery(**query), user=None, now=NOW, track=True, session=session)


def of_kind(shop, colour, kind):
    return [each for each in shop if (each.colour, each.category) == (colour, kind)]


def test_what_was_viewed_is_for_you(shop):
    seen = of_kind(shop, "Red", "Dress")[:2]
    viewed(*seen)
    result = ask(top_k=3)
    assert result.query_type == "for_you"
    assert {hit.product.colour for hit in result.hits} == {"Red"}
    assert not {hit.product for hit in result.hits} & set(seen)


def test_two_interests_are_both_answered(shop):
    viewed(*of_kind(shop, "Red", "Dress")[:2], *of_kind(shop, "Blue", "Boots")[:2])
    shown = {(hit.product.colour) for hit in ask(top_k=8).hits}
    assert shown == {"Red", "Blue"}


def test_nothing_viewed_is_nothing_for_you(shop):
    with pytest.raises(InvalidQuery):
        ask()


def test_another_sessions_views_are_not_ours(shop):
    viewed(shop[0], session=keys.key_of("client", "another"))
    with pytest.raises(InvalidQuery):
        ask()


def test_a_view_tints_the_order_and_is_named_in_the_terms(shop):
    viewed(*of_kind(shop, "Blue", "Dress")[:2])
    with_session, without = ask(text="dress", top_k=15), ask(text="dress", top_k=15, session="")
    assert all("taste" in hit.terms for hit in with_session.hits)
    assert not any("taste" in hit.terms for hit in without.hits)
    blue = [hit.product.colour for hit in with_session.hits][:5].count("Blue")
    assert blue > [hit.product.colour for hit in without.hits][:5].count("Blue") or blue == 5


def test_personal_false_leaves_the_session_out(shop):
    viewed(shop[0])
    assert not any("taste" in hit.terms for hit in ask(text="dress", personal=False).hits)


def test_a_session_costs_one_query(shop, django_assert_num_queries):
    viewed(*shop[:5])
    snapshot = engine.snapshot()
    with django_assert_num_queries(1):
        taste.of_session(SESSION, snapshot, now=NOW)


def test_a_session_that_did_nothing_more_finds_its_answer_again(shop):
    viewed(*shop[:5])
    first = ask(text="dress")
    again = retrieval.search(
        SearchQuery(text="dress"), user=None, now=NOW + timedelta(seconds=50), track=True, session=SESSION
    )
    assert (first.cache_hit, again.cache_hit) == (False, True)


def test_a_forgotten_sessions_taste_does_not_come_back_from_a_cache(shop):
    viewed(*shop[:5])
    tinted = ask(text="dress")
    forgetting.forget(SESSION)
    after = ask(text="dress")
    assert "taste" in tinted.hits[0].terms
    assert not any("taste" in hit.terms for hit in after.hits)


def test_a_session_is_read_once_however_often_a_search_asks_again(shop):
    viewed(*shop[:5])
    with CaptureQueriesContext(connection) as asked:
        result = ask(text="dress", filters=Filters(category=("Boots",)))
    assert result.relaxed is not None
    assert len([each for each in asked if "shop_events" in each["sql"]]) == 1


def post(client, body, **headers):
    return client.post("/api/v1/recommend", body, headers=headers, **JSON)


def test_an_api_client_names_its_session(client, shop):
    viewed(*of_kind(shop, "Red", "Dress")[:2], now=timezone.now())
    answer = post(client, {"session": NAME, "top_k": 3}).json()
    assert answer["query_type"] == "for_you"
    assert {each["product"]["colour"] for each in answer["results"]} == {"Red"}


@pytest.mark.parametrize("header", ["DNT", "Sec-GPC"])
def test_a_session_is_not_read_where_the_browser_objects(client, shop, header):
    viewed(*shop[:2], now=timezone.now())
    assert post(client, {"session": NAME}, **{header: "1"}).status_code == 400


@pytest.mark.parametrize("header", ["DNT", "Sec-GPC"])
def test_a_search_with_a_session_is_logged_without_it_where_the_browser_objects(client, shop, header):
    post(client, {"session": NAME, "text": "dress"}, **{header: "1"})
    recording.flush()
    assert SearchLog.objects.get().session == ""


def test_two_shoppers_of_one_server_are_two_visits(client, shop):
    _key, text = api_keys.create(name="Front end")
    for name in ("first-visitor-000", "other-visitor-000", "first-visitor-000"):
        post(client, {"session": name, "text": "dress"}, **{"X-API-Key": text})
    recording.flush()
    assert SearchLog.objects.values("visit").distinct().count() == 2


def test_the_home_page_picks_for_a_visitor_and_offers_to_stop(client, shop):
    client.post("/api/v1/events", {"token": page_token("view", shop[0].product_id)}, **JSON)
    recording.flush()
    page = client.get(reverse("home"))
    assert page.context["is_picked"]
    assert "data-session-off" in page.content.decode()


def test_the_home_page_of_somebody_new_has_no_picks(client, shop):
    assert not client.get(reverse("home")).context["is_picked"]


@pytest.fixture
def ada(client):
    user = User.objects.create_user("ada@example.org", "correct horse battery")
    client.post(reverse("login"), {"email": user.email, "password": "correct horse battery"})
    return user


def cards(client, **body):
    page = client.post(reverse("recently-viewed"), body)
    return [each.product_id for each in page.context["products"]]


def test_recently_viewed_is_the_accounts_own_once_signed_in(client, shop, ada):
    viewed(shop[0], now=timezone.now(), user=ada)
    kept = shop[1].product_id
    assert cards(client, id=[kept]) == [kept, shop[0].product_id]


def test_the_product_of_the_page_is_not_recently_viewed(client, shop, ada):
    viewed(shop[0], now=timezone.now(), user=ada)
    assert cards(client, besides=shop[0].product_id) == []


def test_a_guest_sees_what_the_browser_kept_alone(client, shop):
    viewed(shop[0], now=timezone.now())
    assert cards(client, id=[shop[1].product_id]) == [shop[1].product_id]


def test_a_product_page_carries_a_token_for_its_own_view(client, shop):
    page = client.get(shop[0].get_absolute_url()).content.decode()
    assert f'data-view-token="view:{shop[0].product_id}:' in page


def test_a_view_is_written_after_its_request(client, shop):
    with CaptureQueriesContext(connection) as during:
        client.get(shop[0].get_absolute_url())
        client.post("/api/v1/events", {"token": page_token("view", shop[0].product_id)}, **JSON)
    assert not [each["sql"] for each in during if each["sql"].startswith(("INSERT", "UPDATE", "DELETE"))]
    recording.flush()
    assert Event.objects.filter(type="view", product_id=shop[0].product_id).count() == 1


def popular(product, *, now=NOW):
    DailyCount.objects.create(day=NOW.date(), measure="bought-product", key=product.product_id, count=50)
    learning.learn(now=now)
    cache.delete(popularity.CACHE_KEY)


def test_what_sells_is_a_term_of_the_order(shop):
    before = ask(text="red dress", session="")
    fourth = before.hits[3].product
    assert "popularity" not in before.hits[0].terms
    popular(fourth)
    after = next(hit for hit in ask(text="red dress", session="").hits if hit.product == fourth)
    assert after.rank < 4
    assert after.terms["popularity"] > 0


def test_a_page_still_re_ranks_exactly_with_popularity(shop):
    popular(shop[3])
    picture = f"product:{shop[20].product_id}"
    held = {hit.product: hit.terms for hit in ask(text="red dress", image_id=picture, top_k=60).hits}
    asked = ask(text="red dress", image_id=picture, weight=0.8, top_k=60)
    for hit in asked.hits:
        if hit.product in held:
            terms = held[hit.product]
            expected = 0.8 * terms["image"] + 0.2 * terms["words"] + terms["rest"]
            assert hit.score == pytest.approx(np.clip(expected, 0, 1), abs=1e-5)


def test_an_answer_that_was_dropped_is_not_ordered_by_another_popularity(shop):
    popular(shop[0])
    result = ask(text="dress", top_k=3, session="")
    popular(shop[1], now=NOW + timedelta(hours=1))
    answers = caches["answers"]
    for key in [key for key in answers._cache if ":answer:" in key]:
        del answers._cache[key], answers._expire_info[key]
    with pytest.raises(AnswerExpired):
        paging.page(result.query_id, offset=3, user=None, now=NOW)
