from datetime import UTC, datetime
from uuid import UUID

import pytest
from django.db.models.signals import post_save

from accounts.models import Favorite
from tests.accounts.conftest import PASSWORD
from tests.accounts.helpers import FAVORITES, LOGIN, bearer, post
from tests.factories import ProductFactory

pytestmark = pytest.mark.django_db


def test_keeping_a_product_twice_changes_nothing(client, shopper, known_products):
    headers = bearer(shopper)
    assert post(client, FAVORITES, {"product_id": "demo-1"}, **headers).status_code == 201
    assert post(client, FAVORITES, {"product_id": "demo-1"}, **headers).status_code == 200
    assert [one["product_id"] for one in client.get(FAVORITES, **headers).json()] == ["demo-1"]


def test_one_that_another_tab_removes_at_once_was_added_still(client, shopper, known_products):
    def remove(instance, **_signal):
        Favorite.objects.filter(pk=instance.pk).delete()

    post_save.connect(remove, sender=Favorite)
    try:
        answer = post(client, FAVORITES, {"product_id": "demo-1"}, **bearer(shopper))
    finally:
        post_save.disconnect(remove, sender=Favorite)
    assert (answer.status_code, answer.json()["product_id"]) == (201, "demo-1")


def test_favourites_of_one_moment_have_one_order(shopper):
    numbers = (3, 1, 2)
    for number in numbers:
        Favorite.objects.create(user=shopper, product_id=f"demo-{number}", pk=UUID(int=number))
    Favorite.objects.update(added_at=datetime(2026, 5, 4, tzinfo=UTC))
    assert Favorite.objects.for_user(shopper).ids() == [f"demo-{number}" for number in sorted(numbers)]


def test_an_unknown_product_cannot_be_kept(client, shopper, known_products):
    assert post(client, FAVORITES, {"product_id": "nope-1"}, **bearer(shopper)).status_code == 404


def test_favourites_need_a_sign_in(client):
    assert client.get(FAVORITES).status_code == 401
    assert post(client, FAVORITES, {"product_id": "demo-1"}).status_code == 401
    assert client.delete(f"{FAVORITES}/demo-1").status_code == 401


def test_someone_elses_favourites_are_out_of_reach(client, shopper, staff):
    Favorite.objects.create(user=staff, product_id="demo-1")
    headers = bearer(shopper)
    assert client.get(FAVORITES, **headers).json() == []
    assert client.delete(f"{FAVORITES}/demo-1", **headers).status_code == 204
    assert Favorite.objects.filter(user=staff).count() == 1


def test_a_null_byte_in_an_address_is_no_failure(client, shopper):
    assert client.delete(f"{FAVORITES}/%00", **bearer(shopper)).status_code == 204


def test_favourites_kept_before_signing_in_are_merged(client, shopper, known_products):
    Favorite.objects.create(user=shopper, product_id="demo-1")
    body = {"email": shopper.email, "password": PASSWORD, "favorites": ["demo-1", "demo-2", "nope"]}
    assert post(client, LOGIN, body).status_code == 200
    assert set(Favorite.objects.for_user(shopper).ids()) == {"demo-1", "demo-2"}


@pytest.mark.parametrize("is_guest", [True, False])
def test_the_page_says_that_favourites_left_the_shop_and_not_that_there_were_none(
    client, shopper, sign_in, is_guest
):
    gone = ProductFactory(is_active=False)
    if not is_guest:
        sign_in(client, shopper)
        Favorite.objects.create(user=shopper, product_id=gone.product_id)
    page = client.post("/favorites", {"id": [gone.product_id]}).content.decode()
    assert "None of your favourites is in the shop now." in page
    assert "No favourites yet." not in page


def test_the_page_of_somebody_without_favourites_says_so(client):
    assert "No favourites yet." in client.get("/favorites").content.decode()
