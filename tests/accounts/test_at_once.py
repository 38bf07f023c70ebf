"""Two who change one account at once: two devices, or its owner and staff."""

import threading

import pytest
from django.contrib.admin import ModelAdmin
from django.db import IntegrityError, connection
from django.db.models.signals import pre_delete
from django.urls import reverse

from accounts import api_keys, favorites
from accounts.api import views
from accounts.models import Favorite, User
from accounts.sign_in import recovery
from tests.accounts.helpers import FAVORITES, bearer, post

pytestmark = pytest.mark.django_db
NEW, OTHER = "a long new password", "another long pass 12"
RESET = "/api/v1/auth/reset"


@pytest.fixture
def before_saving(monkeypatch):
    """Do something between the moment the admin reads a row and the one it saves it."""
    save_form = ModelAdmin.save_form

    def do(work):
        def work_first(*arguments, **options):
            work()
            return save_form(*arguments, **options)

        monkeypatch.setattr(ModelAdmin, "save_form", work_first)

    return do


# --- Staff ---------------------------------------------------------------------------------------


def test_renaming_a_key_does_not_bring_back_one_that_is_revoked_meanwhile(admin_client, before_saving):
    key, _text = api_keys.create(name="Shop")
    change = reverse("admin:accounts_apikey_change", args=[key.pk])
    revoke = {"action": "revoke", "_selected_action": key.pk}
    before_saving(lambda: admin_client.post(reverse("admin:accounts_apikey_changelist"), revoke))
    assert admin_client.post(change, {"name": "Old shop", "may_search": "on"}).status_code == 302
    key.refresh_from_db()
    assert key.name == "Old shop"
    assert key.revoked_at is not None


def test_renaming_a_person_does_not_bring_back_an_old_password(admin_client, before_saving, shopper):
    before_saving(lambda: User.objects.get(pk=shopper.pk).change_password(NEW))
    form = {"email": shopper.email, "name": "Eve", "is_active": "on", "personal_results": "on"}
    address = reverse("admin:accounts_user_change", args=[shopper.pk])
    assert admin_client.post(address, form).status_code == 302
    changed = User.objects.get(pk=shopper.pk)
    assert (changed.name, changed.check_password(NEW)) == ("Eve", True)
    assert changed.token_version == shopper.token_version + 1
    assert changed.updated_at > shopper.updated_at


def test_a_password_that_staff_set_brings_back_nothing_else(admin_client, monkeypatch, shopper):
    set_password = User.set_password

    def deactivate_first(user, password):
        User.objects.filter(pk=user.pk).update(is_active=False)
        set_password(user, password)

    monkeypatch.setattr(User, "set_password", deactivate_first)
    address = reverse("admin:auth_user_password_change", args=[shopper.pk])
    assert admin_client.post(address, {"password1": NEW, "password2": NEW}).status_code == 302
    shopper.refresh_from_db()
    assert (shopper.check_password(NEW), shopper.is_active) == (True, False)


# --- Passwords -----------------------------------------------------------------------------------


def test_each_of_two_new_passwords_raises_the_version_of_tokens(shopper):
    first, second = User.objects.get(pk=shopper.pk), User.objects.get(pk=shopper.pk)
    first.change_password(NEW)
    second.change_password(OTHER)
    shopper.refresh_from_db()
    assert shopper.token_version == second.token_version == 2


@pytest.fixture
def link(shopper):
    """The parts of a link to reset the shopper's password."""
    _empty, _auth, _reset, uid, token = recovery.reset_path(shopper).split("/")
    return {"uid": uid, "token": token}


def test_a_link_works_once_though_two_send_it_at_once(client, shopper, link, monkeypatch):
    validated = views.validated_new_password

    def use_first(user, data):
        recovery.use_link(User.objects.get(pk=shopper.pk), link["token"], OTHER)
        return validated(user, data)

    monkeypatch.setattr(views, "validated_new_password", use_first)
    answer = post(client, RESET, {**link, "new_password": NEW})
    assert (answer.status_code, answer.json()["code"]) == (400, "link_refused")
    shopper.refresh_from_db()
    assert shopper.check_password(OTHER)


def test_nor_does_its_page_work_twice(client, shopper, link, monkeypatch):
    page = client.get(recovery.reset_path(shopper), follow=True)
    use_link = recovery.use_link

    def use_twice(user, token, password):
        use_link(User.objects.get(pk=shopper.pk), token, OTHER)
        use_link(user, token, password)

    monkeypatch.setattr(recovery, "use_link", use_twice)
    answer = client.post(page.wsgi_request.path, {"new_password": NEW})
    assert answer.status_code == 400
    assert "no longer works" in answer.content.decode()
    shopper.refresh_from_db()
    assert shopper.check_password(OTHER)


# --- Deletion ------------------------------------------------------------------------------------


@pytest.fixture
def deleted_meanwhile(monkeypatch, shopper):
    """The shopper's account is deleted on another device while a favourite is added."""

    def delete(product_ids):
        User.objects.get(pk=shopper.pk).delete()
        return set(product_ids)

    monkeypatch.setattr(favorites, "known_products", delete)


@pytest.mark.django_db(transaction=True)
def test_another_device_of_a_deleted_account_is_signed_out(client, shopper, deleted_meanwhile):
    answer = post(client, FAVORITES, {"product_id": "demo-1"}, **bearer(shopper))
    assert (answer.status_code, answer.json()["code"]) == (401, "token_invalid")
    assert answer["WWW-Authenticate"].startswith("Bearer")


@pytest.mark.django_db(transaction=True)
def test_so_is_another_browser(client, shopper, sign_in, deleted_meanwhile):
    sign_in(client, shopper)
    assert client.post(reverse("favorite-toggle", args=["demo-1"])).status_code == 401


@pytest.mark.services
@pytest.mark.django_db(transaction=True)
def test_on_postgresql_an_account_is_deleted_though_another_device_adds_a_favourite(shopper):
    if connection.vendor != "postgresql":
        pytest.skip("needs TEST_DATABASE_URL with PostgreSQL")
    refused = []

    def add():
        try:
            Favorite.objects.create(user=shopper, product_id="demo-1")
        except IntegrityError as error:
            refused.append(error)
        finally:
            connection.close()

    other = threading.Thread(target=add)

    def once_rows_are_collected(**_signal):
        other.start()
        other.join(1)

    pre_delete.connect(once_rows_are_collected, sender=User)
    try:
        User.objects.get(pk=shopper.pk).delete()
    finally:
        pre_delete.disconnect(once_rows_are_collected, sender=User)
    other.join(60)
    assert not User.objects.filter(email=shopper.email).exists()
    assert len(refused) == 1
