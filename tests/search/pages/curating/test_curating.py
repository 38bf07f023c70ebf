"""Staff arrange a search on its own page, and see what their changes do."""

import re
import threading
from datetime import timedelta

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from analytics.models import DailyCount
from search.models import CuratedPlacement, Synonym
from search.operations import curating
from search.query import InvalidQuery
from search.ranking.synonym_use import answered_searches
from tests.search.shop import NOW

TEXT = "red dress"


@pytest.fixture
def staff(db):
    user = User.objects.create_user(email="staff@shop.example", password="a long enough one", is_staff=True)
    names = [f"{verb}_curatedplacement" for verb in ("add", "change", "delete")]
    user.user_permissions.set(Permission.objects.filter(codename__in=[*names, "add_synonym"]))
    return User.objects.get(pk=user.pk)


@pytest.fixture
def staff_client(client, staff):
    client.force_login(staff)
    return client


def results(client, **parameters):
    return client.get(reverse("results"), {"text": TEXT, **parameters})


def shown(client):
    return [hit.product.product_id for hit in results(client).context["result"].hits]


def post(client, product, action, **fields):
    form = {"text": TEXT, "product_id": product.product_id, "action": action, **fields}
    return client.post(reverse("curate"), form)


def test_a_pinned_product_leads_at_once_and_a_buried_one_is_last(staff_client, shop):
    before = shown(staff_client)
    last = next(product for product in shop if product.product_id == before[-1])
    first = next(product for product in shop if product.product_id == before[0])
    assert post(staff_client, last, "pin").status_code == 303
    assert shown(staff_client)[0] == last.product_id
    post(staff_client, first, "bury")
    assert shown(staff_client)[-1] == first.product_id


def test_what_was_done_can_be_undone_from_the_page(staff_client, shop):
    before = shown(staff_client)
    last = next(product for product in shop if product.product_id == before[-1])
    post(staff_client, last, "pin")
    undo = results(staff_client).context["undo"]
    staff_client.post(reverse("curate"), {"text": TEXT, **undo})
    assert shown(staff_client) == before
    assert not CuratedPlacement.objects.exists()


@pytest.mark.parametrize("action", ["release", "bury"])
def test_undoing_gives_a_placement_its_days_back(staff_client, shop, action):
    now = timezone.now()
    days = {"starts_at": now - timedelta(days=1), "ends_at": now + timedelta(days=9)}
    CuratedPlacement.objects.create(query=TEXT, product=shop[0], kind="pin", position=2, **days)
    post(staff_client, shop[0], action)
    undo = results(staff_client).context["undo"]
    staff_client.post(reverse("curate"), {"text": TEXT, **undo})
    (row,) = CuratedPlacement.objects.values("kind", "position", "starts_at", "ends_at")
    assert row == {"kind": "pin", "position": 2, **days}


@pytest.mark.parametrize(
    "period",
    [
        {"starts_at": "soon"},
        {"ends_at": "2026-05-04T12:00"},
        # Outside of all years once their zone is taken off.
        {"starts_at": "0001-01-01T00:00+14:00"},
        {"ends_at": "9999-12-31T23:59-14:00"},
        {"starts_at": "2026-05-04T12:00+00:00", "ends_at": "2026-05-03T12:00+00:00"},
    ],
)
def test_days_that_cannot_be_are_refused(staff_client, shop, period):
    assert post(staff_client, shop[0], "pin", **period).status_code == 400
    assert not CuratedPlacement.objects.exists()


def test_undo_names_what_it_undoes_and_stands_outside_of_the_closed_list(staff_client, shop):
    post(staff_client, shop[0], "pin")
    page = results(staff_client).content.decode()
    assert f"Undo pinning “{shop[0].title}”" in page
    assert page.index("Undo pinning") < page.index("Arrange these results")
    assert "<details>" in page.partition('id="arrange"')[2]


def test_undo_is_not_offered_in_another_search(staff_client, shop):
    post(staff_client, shop[0], "pin")
    assert results(staff_client, text="green dress").context["undo"] is None
    assert results(staff_client).context["undo"]["product_id"] == shop[0].product_id


def test_the_admin_history_names_who_did_it(staff, shop):
    curating.curate(TEXT, shop[0].product_id, "pin", user=staff, now=NOW)
    assert LogEntry.objects.get().user_id == staff.pk


@pytest.mark.parametrize(
    ("text", "product", "action"), [("!?", "known", "pin"), (TEXT, "demo-none", "pin"), (TEXT, "known", "x")]
)
def test_what_cannot_be_done_is_refused(staff, shop, text, product, action):
    product_id = shop[0].product_id if product == "known" else product
    with pytest.raises(InvalidQuery):
        curating.curate(text, product_id, action, user=staff, now=NOW)


def test_shoppers_and_staff_without_the_permission_may_not(client, shop):
    assert post(client, shop[0], "pin").status_code == 403
    plain = User.objects.create_user(email="other@shop.example", password="a long enough one", is_staff=True)
    with pytest.raises(PermissionDenied):
        curating.curate(TEXT, shop[0].product_id, "pin", user=plain, now=NOW)
    assert not CuratedPlacement.objects.exists()


def test_a_forged_form_is_refused(staff, shop):
    from django.test import Client

    forged = Client(enforce_csrf_checks=True)
    forged.force_login(staff)
    assert post(forged, shop[0], "pin").status_code == 403
    assert not CuratedPlacement.objects.exists()


def test_only_staff_see_how_to_arrange(client, staff, shop):
    assert "data-arrange" not in results(client).content.decode()
    client.force_login(staff)
    page = results(client).content.decode()
    assert "data-arrange" in page
    assert "js/arrange.js" in page
    assert f"{reverse('admin:search_synonym_add')}?term=red%20dress" in page


def test_before_and_after_stand_side_by_side(staff_client, shop):
    before = shown(staff_client)
    last = next(product for product in shop if product.product_id == before[-1])
    post(staff_client, last, "pin")
    page = staff_client.get(reverse("compare"), {"text": TEXT})
    assert page.context["after"].hits[0].product.product_id == last.product_id
    assert page.context["before"].hits[0].product.product_id == before[0]


def test_the_comparison_is_for_staff(client, shop):
    assert client.get(reverse("compare"), {"text": TEXT}).status_code == 403


def test_weak_searches_of_the_dashboard_say_what_can_be_done(staff_client, db):
    today = timezone.now().date()
    for measure in ("query", "query-zero"):
        DailyCount.objects.create(day=today, measure=measure, key="plimsoles", count=4)
    page = staff_client.get(reverse("dashboard")).content.decode()
    assert f"{reverse('admin:search_synonym_add')}?term=plimsoles" in page
    assert f"{reverse('compare')}?text=plimsoles" in page
    assert f"{reverse('results')}?text=plimsoles&amp;arrange=1" in page


def test_a_synonym_answered_what_named_it_and_found_something(db):
    Synonym.objects.create(term="kaftan", alternatives="kurta")
    rows = [("query", "blue kaftans", 40), ("query-zero", "blue kaftans", 3), ("query", "kaftan", 4)]
    for measure, key, count in rows:
        DailyCount.objects.create(day=NOW.date(), measure=measure, key=key, count=count)
    assert answered_searches(NOW)["kaftan"] == 41


def test_the_list_of_synonyms_says_how_many_searches_each_answered(admin_client, db):
    Synonym.objects.create(term="kaftan", alternatives="kurta")
    page = admin_client.get(reverse("admin:search_synonym_changelist")).content.decode()
    assert "0 searches" in page
    assert f"{reverse('dashboard-searches')}?q=kaftan" in page


def test_a_product_on_both_sides_of_the_comparison_has_no_id_twice(staff_client, shop):
    page = staff_client.get(reverse("compare"), {"text": "dress"}).content.decode()
    ids = re.findall(r' id="([^"]+)"', page)
    assert any(each.startswith("why-") for each in ids)
    assert len(ids) == len(set(ids))


@pytest.mark.services
@pytest.mark.django_db(transaction=True)
def test_on_postgresql_a_second_click_waits_for_the_first_and_finds_what_it_placed(staff, shop, monkeypatch):
    if connection.vendor != "postgresql":
        pytest.skip("needs TEST_DATABASE_URL with PostgreSQL")
    place = curating._place

    def pin():
        return curating.curate(TEXT, shop[0].product_id, "pin", user=staff, now=NOW)

    def click():
        try:
            pin()
        finally:
            connection.close()

    other = threading.Thread(target=click)

    def start_other(*arguments):
        monkeypatch.setattr(curating, "_place", place)
        other.start()
        place(*arguments)

    monkeypatch.setattr(curating, "_place", start_other)
    assert pin().done == "pin"
    other.join(60)
    assert not other.is_alive()
    assert CuratedPlacement.objects.get().position == 1


def test_a_click_that_another_was_faster_than_is_repeated_once(staff, shop, monkeypatch):
    def refuse(*_arguments):
        monkeypatch.undo()
        raise IntegrityError

    monkeypatch.setattr(curating, "_place", refuse)
    assert curating.curate(TEXT, shop[0].product_id, "pin", user=staff, now=NOW).done == "pin"
    assert CuratedPlacement.objects.count() == 1


@pytest.mark.parametrize(("sent", "is_open"), [({"arrange": "1"}, True), ({}, False)])
def test_the_list_stays_open_for_whoever_arranges_by_it(staff_client, shop, sent, is_open):
    pin = {"text": TEXT, "product_id": shop[0].product_id, "action": "pin", "position": "2", **sent}
    page = staff_client.post(reverse("curate"), pin, follow=True).content.decode()
    assert ("<details open>" in page.partition('id="arrange"')[2]) is is_open
