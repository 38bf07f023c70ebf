"""A replay shows what a variant would change, of what several people asked, and leaves no trace."""

import io
import json
from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from analytics import recording
from analytics.experiments.running import Variant
from analytics.models import Experiment, SearchLog
from search import admission
from search.evaluation.replay import asking
from search.evaluation.replay.asking import AskedQuery, asked_queries, replay
from search.pages.replay import views
from tests.search.shop import all_taken

# Sold-out products stand among the others, where the shop puts them last.
VARIED = {"availability": 0.0}


@pytest.fixture
def now():
    return timezone.now()


@pytest.fixture
def planned(db):
    return Experiment.objects.create(name="Sold out too", **VARIED)


@pytest.fixture
def staff_client(client, db):
    user = User.objects.create_user("staff@shop.example", "a long enough one")
    user.user_permissions.add(Permission.objects.get(codename="view_dashboard"))
    client.force_login(user)
    return client


def asked_by(people, text, now, **fields):
    """As many anonymous people search for the text, an hour ago."""
    row = {"query_type": "text", "query_text": text, "query_key": text.casefold(), "took_ms": 1.0}
    row |= {"results_count": 9, "timestamp": now - timedelta(hours=1), **fields}
    for number in range(people):
        SearchLog.objects.create(**row, visitor=f"{number:03x}")


def page(client, experiment, **parameters):
    return client.get(reverse("experiment-replay", args=[experiment.pk]), parameters)


def command(*arguments):
    out = io.StringIO()
    call_command("evaluate", "--replay", *arguments, stdout=out)
    return out.getvalue()


def test_only_what_several_people_asked_is_asked_again(db, now):
    asked_by(3, "red dress", now)
    asked_by(2, "my own words", now)
    assert asked_queries(days=1, now=now) == [AskedQuery("red dress", 3)]


def test_one_person_who_asks_often_is_one_person(db, now):
    for _time in range(5):
        asked_by(1, "my own words", now)
    assert asked_queries(days=1, now=now) == []


def test_a_visit_that_searched_again_counts_once(db, now):
    asked_by(3, "red dress", now)
    first = SearchLog.objects.first()
    asked_by(1, "red dress", now, visit=first.pk)
    assert asked_queries(days=1, now=now) == [AskedQuery("red dress", 3)]


def test_pictures_and_older_searches_are_not_asked_again(db, now):
    asked_by(3, "like this", now, query_type="hybrid")
    asked_by(3, "last week", now, timestamp=now - timedelta(days=7))
    assert asked_queries(days=1, now=now) == []
    assert [query.text for query in asked_queries(days=8, now=now)] == ["last week"]


def test_the_most_asked_come_first_and_their_number_is_bounded(db, now, monkeypatch):
    monkeypatch.setattr(asking, "MAX_QUERIES", 2)
    for people, text in ((3, "bag"), (5, "dress"), (4, "shirt")):
        asked_by(people, text, now)
    assert [query.text for query in asked_queries(days=1, now=now)] == ["dress", "shirt"]


def test_it_shows_who_gained_and_who_lost_a_place(shop, now):
    asked_by(3, "dress", now)
    (change,) = replay(Variant(VARIED), days=1, now=now).replay.queries
    sold_out = {product.product_id for product in shop if not product.in_stock}
    assert not sold_out & {*change.before[:10]}
    assert {place.product_id for place in change.gained} <= sold_out
    assert change.gained
    assert len(change.lost) == len(change.gained) == 10 - change.overlap
    assert change.rbo < 1


def test_a_variant_without_a_change_changes_nothing(shop, now):
    asked_by(3, "dress", now)
    asked_by(3, "red bag", now)
    found = replay(Variant({}), days=1, now=now).replay
    assert (found.changed_share, found.mean_rbo, found.changed) == (0.0, 1.0, ())


def test_the_same_replay_twice_finds_the_same(shop, now):
    asked_by(3, "dress", now)
    asked_by(3, "shirt", now)
    assert replay(Variant(VARIED), days=1, now=now) == replay(Variant(VARIED), days=1, now=now)


def test_after_its_time_no_further_query_is_begun(shop, now):
    asked_by(4, "dress", now)
    asked_by(3, "shirt", now)
    found = replay(Variant(VARIED), days=1, now=now, seconds=0.0)
    assert ([query.text for query in found.replay.queries], found.asked) == (["dress"], 2)


def test_the_variants_answers_reach_no_shopper(client, shop, now):
    asked_by(3, "dress", now)
    before = client.get(reverse("results"), {"text": "dress"}).context["result"].hits
    replay(Variant(VARIED), days=1, now=now)
    assert client.get(reverse("results"), {"text": "dress"}).context["result"].hits == before


def test_nothing_is_logged(staff_client, shop, planned, now):
    asked_by(3, "dress", now)
    page(staff_client, planned)
    recording.flush()
    assert SearchLog.objects.count() == 3


def test_the_page_shows_pictures_titles_and_marks(staff_client, shop, planned, now):
    asked_by(3, "dress", now)
    response = page(staff_client, planned)
    (row,) = response.context["rows"]
    content = response.content.decode()
    for card, _place in (*row.before, *row.after):
        assert card.title in content
        assert card.cover.thumbnail_url in content
    assert (
        content.count('class="place--new"') == content.count('class="place--gone"') == len(row.change.gained)
    )
    assert "the most asked of 1, 3 searches" in content


def test_the_page_says_when_nothing_changes(staff_client, shop, now):
    asked_by(3, "dress", now)
    same = Experiment.objects.create(name="Same", unwanted=0.4)
    assert "Nothing changes" in page(staff_client, same).content.decode()


def test_the_page_says_when_nothing_was_asked(staff_client, shop, planned):
    response = page(staff_client, planned, days="all")
    assert response.context["days"] == 1
    assert "Choose more days" in response.content.decode()


def test_the_page_says_how_many_queries_it_compared(staff_client, shop, planned, now, monkeypatch):
    monkeypatch.setattr(views, "QUERIES", 1)
    asked_by(4, "dress", now)
    asked_by(3, "shirt", now)
    response = page(staff_client, planned)
    assert (response.context["compared"], response.context["asked"]) == (1, 2)


def test_the_page_is_for_those_who_see_the_dashboard(client, planned):
    assert page(client, planned).status_code == 302
    client.force_login(User.objects.create_user("shopper@shop.example", "a long enough one"))
    assert page(client, planned).status_code == 403


def test_one_runs_at_a_time_and_the_next_is_told_to_come_again(staff_client, shop, planned):
    with all_taken(admission.replays):
        response = page(staff_client, planned)
    assert (response.status_code, response["Retry-After"]) == (503, "5")
    assert "Somebody else is having searches asked again" in response.content.decode()
    assert page(staff_client, planned).status_code == 200


def test_shoppers_search_while_one_runs(client, shop):
    with all_taken(admission.replays):
        assert client.get(reverse("results"), {"text": "dress"}).status_code == 200


def test_the_experiments_page_leads_to_it(staff_client, planned):
    content = staff_client.get(reverse("experiment", args=[planned.pk])).content.decode()
    assert f'href="{reverse("experiment-replay", args=[planned.pk])}"' in content


@pytest.mark.parametrize("by", ["name", "pk"])
def test_the_command_prints_what_changes(shop, planned, now, by):
    asked_by(3, "dress", now)
    lines = command(str(getattr(planned, by))).splitlines()
    assert lines[1].startswith("dress ")
    assert lines[-1].startswith("1 queries of 3 searches compared: the first 10 change in 100.0%")


def test_the_command_says_when_nothing_changes(shop, now):
    asked_by(3, "dress", now)
    Experiment.objects.create(name="Same", unwanted=0.4)
    assert command("Same").startswith("Nothing changes: 1 queries of 3 searches")


def test_the_command_prints_json(shop, planned, now):
    asked_by(3, "dress", now)
    found = json.loads(command(planned.name, "--json"))
    assert (found["searches"], found["changed_share"]) == (3, 1.0)
    assert found["queries"][0]["gained"][0].keys() == {"product_id", "at", "other"}


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("Sold out too",), "asked by several people in 1 days"),
        (("No such",), "no experiment 'No such'"),
        (("99999999999999999999",), "no experiment"),
        (("Sold out too", "--days", "0"), "Give 1 to"),
        (("Sold out too", "--days", "9999999"), "Give 1 to"),
    ],
)
def test_the_command_explains_why_it_has_nothing_to_compare(shop, planned, arguments, message):
    with pytest.raises(CommandError, match=message):
        command(*arguments)
