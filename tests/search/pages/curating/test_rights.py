"""Links to what staff may do lead only those who may."""

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from analytics.models import DailyCount

PRODUCTS = "/admin/autocomplete/?app_label=search&model_name={}&field_name={}&term=red"
ALL = ("add_curatedplacement", "change_curatedplacement", "delete_curatedplacement", "add_synonym")


@pytest.fixture
def signed_in(client, db):
    def sign_in(*, is_staff, permissions):
        user = User.objects.create_user("someone@shop.example", "a long enough one", is_staff=is_staff)
        user.user_permissions.set(Permission.objects.filter(codename__in=permissions))
        client.force_login(user)
        return client

    return sign_in


@pytest.mark.parametrize(
    ("is_staff", "permissions", "may_pin", "may_add"),
    [
        (True, ALL, True, True),
        (True, ("add_curatedplacement",), False, False),
        (False, (*ALL, "view_dashboard"), False, False),
    ],
)
def test_weak_searches_lead_to_what_a_person_may_do(signed_in, is_staff, permissions, may_pin, may_add):
    for measure in ("query", "query-zero"):
        DailyCount.objects.create(day=timezone.now().date(), measure=measure, key="plimsoles", count=4)
    client = signed_in(is_staff=is_staff, permissions=permissions)
    page = client.get(reverse("dashboard")).content.decode()
    assert ("text=plimsoles&amp;arrange=1" in page) is may_pin
    assert ("synonym/add/?term=plimsoles" in page) is may_add
    assert "compare?text=plimsoles" in page


@pytest.mark.parametrize(("permissions", "may_pin"), [(ALL, True), (("add_synonym",), False)])
def test_the_comparison_leads_to_the_arrangement_those_who_may_arrange(signed_in, shop, permissions, may_pin):
    client = signed_in(is_staff=True, permissions=permissions)
    page = client.get(reverse("compare"), {"text": "red dress"}).content.decode()
    assert ("arrange=1" in page) is may_pin


@pytest.mark.parametrize(("permissions", "may_add"), [(ALL, True), (ALL[:3], False)])
def test_the_arrangement_leads_to_synonyms_those_who_may_add_them(signed_in, shop, permissions, may_add):
    client = signed_in(is_staff=True, permissions=permissions)
    page = client.get(reverse("results"), {"text": "red dress"}).content.decode()
    assert "data-arrange" in page
    assert ("synonym/add/?term=red%20dress" in page) is may_add


@pytest.mark.parametrize(("model", "field"), [("curatedplacement", "product"), ("lookrule", "complement")])
@pytest.mark.parametrize("verb", ["add", "change"])
def test_whoever_may_place_products_may_choose_them(signed_in, shop, model, field, verb):
    client = signed_in(is_staff=True, permissions=[f"{verb}_{model}"])
    page = client.get(PRODUCTS.format(model, field))
    assert (page.status_code, len(page.json()["results"])) == (200, 20)
    assert client.get(reverse("admin:catalog_product_changelist")).status_code == 403


@pytest.mark.parametrize("permissions", [(), ("view_curatedplacement",), ("add_lookrule",)])
def test_nobody_else_chooses_products(signed_in, shop, permissions):
    client = signed_in(is_staff=True, permissions=permissions)
    assert client.get(PRODUCTS.format("curatedplacement", "product")).status_code == 403


@pytest.mark.parametrize(("runs", "action"), [("syncrun", "sync_now"), ("indexrun", "embed_again")])
@pytest.mark.parametrize("may_see", [True, False])
def test_what_was_asked_for_leads_to_its_state_those_who_may_see_it(
    signed_in, shop, settings, runs, action, may_see
):
    settings.CATALOGUE_SOURCES = {"demo": "/nowhere.csv"}
    client = signed_in(is_staff=True, permissions=["change_product", *[f"view_{runs}"] * may_see])
    asked = {"action": action, "_selected_action": [shop[0].pk]}
    page = client.post(reverse("admin:catalog_product_changelist"), asked, follow=True).content.decode()
    assert "asked for." in page
    assert ("See its state" in page) is may_see
