"""What staff may do to accounts in the admin."""

from importlib import import_module
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.contrib.auth.models import Group, Permission
from django.db import connection
from django.urls import reverse

from accounts.api_keys import ApiKey
from accounts.models import SignIn, User
from accounts.pages.forms import NameForm
from tests.accounts.conftest import PASSWORD
from tests.factories import NOW

CHANGELIST = "admin:accounts_user_changelist"


@pytest.fixture
def clerk(db):
    """Staff who may change accounts, and nothing else."""
    user = User.objects.create_user("clerk@example.com", PASSWORD, name="Kim", is_staff=True)
    user.user_permissions.add(*Permission.objects.filter(codename__in=["view_user", "change_user"]))
    return user


@pytest.fixture
def desk(client, clerk):
    client.force_login(clerk)
    return client


def change(client, user, **form):
    address = reverse("admin:accounts_user_change", args=[user.pk])
    sent = {"email": user.email, "name": user.name, "is_active": "on", **form}
    answer = client.post(address, sent)
    user.refresh_from_db()
    return answer


def test_staff_grant_nothing_that_they_do_not_hold(desk, clerk, shopper):
    assert change(desk, clerk, is_staff="on", is_superuser="on").status_code == 302
    assert not clerk.is_superuser
    assert change(desk, shopper, name="Eve", is_staff="on").status_code == 302
    assert (shopper.name, shopper.is_staff) == ("Eve", False)


def test_staff_take_over_no_account_that_is_allowed_more(desk, staff):
    assert change(desk, staff, email="mine@example.com").status_code == 403
    password = reverse("admin:auth_user_password_change", args=[staff.pk])
    sent = {"password1": "another long pass 12", "password2": "another long pass 12"}
    assert desk.post(password, sent).status_code == 403
    desk.post(reverse(CHANGELIST), {"action": "deactivate", "_selected_action": [staff.pk]})
    staff.refresh_from_db()
    assert (staff.email, staff.is_active, staff.check_password(PASSWORD)) == ("staff@example.com", True, True)


def allow(user, *codenames):
    user.user_permissions.add(*Permission.objects.filter(codename__in=codenames))


def test_staff_do_not_extend_a_group_that_they_are_in(desk, clerk):
    group = Group.objects.create(name="Desk")
    clerk.groups.add(group)
    allow(clerk, "view_group", "change_group")
    every = [str(key) for key in Permission.objects.values_list("pk", flat=True)]
    address = reverse("admin:auth_group_change", args=[group.pk])
    assert desk.post(address, {"name": "Front desk", "permissions": every}).status_code == 302
    group.refresh_from_db()
    assert (group.name, group.permissions.count()) == ("Front desk", 0)


def test_staff_make_no_key_that_may_more_than_they(desk, clerk):
    allow(clerk, "view_apikey", "add_apikey")
    form = {"may_search": "on", "may_write_catalogue": "on", "may_read_stats": "on"}
    desk.post(reverse("admin:accounts_apikey_add"), {"name": "first", **form})
    allow(clerk, "change_product")
    desk.post(reverse("admin:accounts_apikey_add"), {"name": "second", **form})
    first, second = ApiKey.objects.order_by("name")
    assert not first.may_write_catalogue
    assert second.may_write_catalogue


def test_superusers_grant(client, staff, shopper):
    client.force_login(staff)
    assert change(client, shopper, is_staff="on").status_code == 302
    assert shopper.is_staff


def test_an_address_with_capitals_signs_in(client, staff, shopper):
    client.force_login(staff)
    assert change(client, shopper, email="Shopper@Example.com").status_code == 302
    assert shopper.email == "shopper@example.com"
    taken = change(client, shopper, email="STAFF@example.com")
    assert "already exists" in taken.content.decode()


def test_a_new_name_leaves_a_password_that_was_changed_meanwhile(shopper):
    earlier = User.objects.get(pk=shopper.pk)
    shopper.change_password("another long pass 12")
    User.objects.update(is_active=False)
    form = NameForm({"name": "Eve"}, instance=earlier)
    assert form.is_valid()
    form.save()
    shopper.refresh_from_db()
    assert (shopper.name, shopper.is_active) == ("Eve", False)
    assert shopper.check_password("another long pass 12")
    assert not SignIn.objects.active(NOW).exists()


def test_addresses_that_were_stored_with_capitals_are_corrected(shopper):
    User.objects.filter(pk=shopper.pk).update(email="Shopper@Example.com")
    lower = import_module("accounts.migrations.0007_addresses_in_lower_case").lower
    lower(apps, SimpleNamespace(connection=connection))
    shopper.refresh_from_db()
    assert shopper.email == "shopper@example.com"


def test_the_administration_has_the_shops_colours(desk):
    page = desk.get(reverse("admin:index")).content.decode()
    assert "css/tokens.css" in page.split("css/admin.css")[0]


@pytest.mark.parametrize("held", [["add_user"], ["add_user", "change_user"]])
def test_only_those_are_led_to_a_new_account_whom_its_page_admits(desk, clerk, held):
    clerk.user_permissions.set(Permission.objects.filter(codename__in=held))
    address = reverse("admin:accounts_user_add")
    is_shown = address in desk.get(reverse("admin:index")).content.decode()
    assert is_shown is (desk.get(address).status_code == 200) is ("change_user" in held)
