"""Staff arrange where placements have ended or are still to begin, and where misspelt words are corrected."""

from datetime import timedelta

import pytest
from django.contrib.messages import get_messages
from django.urls import reverse

from search.models import CuratedPlacement, RankingRule, Redirect
from search.operations import curating
from tests.search.pages.curating.test_curating import TEXT, post, results, shown, staff, staff_client  # noqa: F401
from tests.search.shop import NOW

PAST, COMING = NOW - timedelta(days=1), NOW + timedelta(days=3650)


def pin(product, **fields):
    return CuratedPlacement.objects.create(**{"query": TEXT, "product": product, "kind": "pin", **fields})


def badges(client, product):
    page = results(client).content.decode()
    return page.partition(f'id="arranged-{product.product_id}"')[2].partition("</form>")[0]


@pytest.mark.parametrize("action", ["pin", "bury"])
def test_what_has_ended_is_placed_again_from_now_on(staff_client, shop, action):  # noqa: F811
    pin(shop[3], ends_at=PAST, starts_at=PAST - timedelta(days=1))
    before = shown(staff_client)
    assert "pinned" not in badges(staff_client, shop[3])
    post(staff_client, shop[3], action)
    page = results(staff_client).context
    hits = [hit.product.product_id for hit in page["result"].hits]
    assert hits[0 if action == "pin" else -1] == shop[3].product_id
    assert CuratedPlacement.objects.get().ends_at is None
    staff_client.post(reverse("curate"), {"text": TEXT, **page["undo"]})
    assert shown(staff_client) == before


def test_what_has_ended_takes_no_place_among_the_pins(staff, shop):  # noqa: F811
    pin(shop[0], position=2, ends_at=PAST)
    pin(shop[1], position=3)
    curating.curate(TEXT, shop[2].product_id, "pin", position=2, user=staff, now=NOW)
    rows = CuratedPlacement.objects.order_by("pk").values_list("product_id", "position")
    assert list(rows) == [(shop[0].pk, 2), (shop[1].pk, 3), (shop[2].pk, 2)]


@pytest.mark.parametrize("action", ["pin", "bury"])
def test_a_placement_that_is_to_come_says_when(staff_client, shop, action):  # noqa: F811
    pin(shop[3], starts_at=COMING)
    assert "from May 1, 2036, noon UTC" in badges(staff_client, shop[3])
    response = post(staff_client, shop[3], action)
    (message,) = get_messages(response.wsgi_request)
    assert "will be" in str(message)
    assert "from May 1, 2036, noon UTC on." in str(message)


def test_entries_for_the_corrected_words_hold_for_misspelt_ones(client, shop):
    pinned = next(product for product in shop if product.title == "Green boots no. 3")
    pin(pinned, query="green boots")
    for text in ("green boots", "geren boots"):
        result = client.get(reverse("results"), {"text": text}).context["result"]
        assert result.hits[0].product.product_id == pinned.product_id
    RankingRule.objects.create(name="Men's", field="gender", value="Men", query="green boots")
    notes = [
        hit.notes for hit in client.get(reverse("results"), {"text": "geren boots"}).context["result"].hits
    ]
    assert sum("Boosted by staff: Men's" in each for each in notes) == 2
    Redirect.objects.create(query="green boots", path="/new-in")
    assert client.get(reverse("results"), {"text": "geren boots"})["Location"] == "/new-in"
    # Without the correction they are not what was asked for.
    literal = client.get(reverse("results"), {"text": "geren boots", "ignore": "spelling"})
    assert literal.status_code == 200


def test_what_has_ended_for_misspelt_words_does_not_keep_the_corrected_ones_away(client, shop):
    first, other = (
        product for product in shop if product.title in ("Green boots no. 3", "Green boots no. 4")
    )
    pin(first, query="green boots")
    pin(other, query="geren boots", starts_at=PAST - timedelta(days=1), ends_at=PAST)
    result = client.get(reverse("results"), {"text": "geren boots"}).context["result"]
    assert result.hits[0].product.product_id == first.product_id


def test_entries_for_misspelt_words_come_before_those_for_the_corrected_ones(client, shop):
    first, other = (
        product for product in shop if product.title in ("Green boots no. 3", "Green boots no. 4")
    )
    pin(first, query="green boots")
    pin(other, query="geren boots")
    result = client.get(reverse("results"), {"text": "geren boots"}).context["result"]
    assert result.hits[0].product.product_id == other.product_id


def test_on_the_page_of_misspelt_words_staff_arrange_the_words_that_are_answered(staff_client, shop):  # noqa: F811
    page = staff_client.get(reverse("results"), {"text": "geren boots"})
    form = dict(page.context["arranged_parameters"])
    product = page.context["result"].hits[-1].product
    response = staff_client.post(
        reverse("curate"), {**form, "product_id": product.product_id, "action": "pin"}
    )
    assert response["Location"].startswith("/results?text=green+boots")
    assert CuratedPlacement.objects.get().query == "green boots"
    again = staff_client.get(reverse("results"), {"text": "geren boots"})
    hit, kind, place, begins_at = again.context["arranged"][0]
    assert (hit.product.product_id, kind, place, begins_at) == (product.product_id, "pin", 1, None)
