"""Staff give a pin its place on the page of a search and in the admin, and take that back."""

import pytest
from django.urls import reverse

from search.models import CuratedPlacement
from search.operations import curating
from tests.search.pages.curating.test_curating import TEXT, post, results, shown, staff, staff_client  # noqa: F401
from tests.search.shop import NOW


def pinned_places():
    return dict(CuratedPlacement.objects.values_list("product_id", "position"))


@pytest.mark.parametrize(
    ("places", "dropped", "expected"),
    [
        ((1, 2, 3), 1, (2, 3, 1)),
        ((1, 5, 9), 5, (1, 6, 5)),
        ((1, 5, 9), 4, (1, 5, 4)),
        # Of two with one place the second stands behind the first: there it was dropped.
        ((3, 3, 9), 4, (3, 5, 4)),
        ((3, 3, 9), 3, (4, 5, 3)),
    ],
)
def test_a_pin_stands_where_it_was_dropped_and_only_what_is_in_the_way_moves_on(
    staff,  # noqa: F811
    shop,
    places,
    dropped,
    expected,
):
    for product, place in zip(shop, places, strict=False):
        CuratedPlacement.objects.create(query=TEXT, product=product, position=place)
    curating.curate(TEXT, shop[2].product_id, "pin", position=dropped, user=staff, now=NOW)
    assert pinned_places() == dict(zip([product.pk for product in shop[:3]], expected, strict=True))


def test_a_released_pin_leaves_the_places_of_the_others_as_they_are(staff, shop):  # noqa: F811
    for place, product in enumerate(shop[:3], start=1):
        CuratedPlacement.objects.create(query=TEXT, product=product, position=place)
    curating.curate(TEXT, shop[0].product_id, "release", user=staff, now=NOW)
    assert pinned_places() == {shop[1].pk: 2, shop[2].pk: 3}


@pytest.mark.parametrize(
    ("number", "place"), [(3, 1), (1, 4), (2, 3)], ids=["over two others", "behind the others", "on the next"]
)
def test_undoing_a_pin_gives_every_pin_its_place_back(staff_client, shop, number, place):  # noqa: F811
    for at, product in enumerate(shop[:4], start=1):
        CuratedPlacement.objects.create(query=TEXT, product=product, position=at)
    before = pinned_places()
    post(staff_client, shop[number - 1], "pin", position=place)
    assert pinned_places()[shop[number - 1].pk] == place
    undo = results(staff_client).context["undo"]
    staff_client.post(reverse("curate"), {"text": TEXT, **undo})
    assert pinned_places() == before


def test_undoing_a_new_pin_gives_the_others_their_places_back(staff_client, shop):  # noqa: F811
    for place, product in enumerate(shop[:2], start=1):
        CuratedPlacement.objects.create(query=TEXT, product=product, position=place)
    before = pinned_places()
    post(staff_client, shop[2], "pin", position=1)
    assert pinned_places() == {shop[2].pk: 1, shop[0].pk: 2, shop[1].pk: 3}
    undo = results(staff_client).context["undo"]
    staff_client.post(reverse("curate"), {"text": TEXT, **undo})
    assert pinned_places() == before


def test_beside_other_buttons_the_place_may_be_empty(staff_client, shop):  # noqa: F811
    CuratedPlacement.objects.create(query=TEXT, product=shop[0], position=4)
    form = {"text": TEXT, "product_id": shop[0].product_id, "position": ""}
    assert staff_client.post(reverse("curate"), {**form, "action": "pin"}).status_code == 400
    assert staff_client.post(reverse("curate"), {**form, "action": "release"}).status_code == 303
    assert pinned_places() == {}


def test_the_page_says_and_takes_the_place_of_a_pin(staff_client, shop):  # noqa: F811
    last = next(product for product in shop if product.product_id == shown(staff_client)[-1])
    post(staff_client, last, "pin", position=3)
    assert shown(staff_client)[2] == last.product_id
    page = results(staff_client).content.decode()
    row = page.partition(f'id="arranged-{last.product_id}"')[2].partition("</form>")[0]
    assert "pinned to 3" in row
    assert 'value="3"' in row


@pytest.mark.parametrize(("sort", "is_said"), [("price", True), ("relevance", False)])
def test_the_page_says_where_an_order_hides_what_was_arranged(staff_client, shop, sort, is_said):  # noqa: F811
    page = results(staff_client, sort=sort).content.decode()
    assert ("In this order nothing is pinned" in page) is is_said


@pytest.mark.parametrize(
    "fields",
    [{"position": "0"}, {"position": "1001"}, {"position": "x"}, {"moved": "1:0"}, {"moved": "1"}],
)
def test_a_place_that_cannot_be_is_refused(staff_client, shop, fields):  # noqa: F811
    response = post(staff_client, shop[0], "pin", **fields)
    assert response.status_code == 400
    assert not CuratedPlacement.objects.exists()


@pytest.mark.parametrize("place", [0, -1, 1001, 40_000])
def test_the_admin_refuses_a_place_that_cannot_be_and_says_which_can(admin_client, shop, place):
    days = dict.fromkeys(("starts_at_0", "starts_at_1", "ends_at_0", "ends_at_1"), "")
    form = {"query": TEXT, "product": shop[0].pk, "kind": "pin", "position": place, **days}
    response = admin_client.post(reverse("admin:search_curatedplacement_add"), form)
    errors = response.context["adminform"].form.errors
    assert errors == {"position": ["Give a place from 1 to 1000."]}


def test_of_two_who_pin_new_products_to_one_place_at_once_the_second_finds_the_first(
    staff,  # noqa: F811
    shop,
    monkeypatch,
):
    take_turn = curating.take_turn

    def wait(name):
        monkeypatch.setattr(curating, "take_turn", take_turn)
        curating.curate(TEXT, shop[0].product_id, "pin", position=2, user=staff, now=NOW)
        take_turn(name)

    monkeypatch.setattr(curating, "take_turn", wait)
    curating.curate(TEXT, shop[1].product_id, "pin", position=2, user=staff, now=NOW)
    assert pinned_places() == {shop[0].pk: 3, shop[1].pk: 2}
