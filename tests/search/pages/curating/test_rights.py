"""Links to what staff may do lead only those who may."""

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from analytics.models import DailyCount

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
