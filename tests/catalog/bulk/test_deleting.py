"""Products taken out by API, most of a source by force alone."""

import pytest

from catalog.models import Product
from tests.catalog.bulk.calls import DELETE, HAT, PRODUCTS, statuses, stored
from tests.factories import ProductFactory

pytestmark = pytest.mark.django_db


def test_a_deleted_product_is_gone_and_comes_back_when_it_is_sent_again(send):
    send(PRODUCTS, [HAT])
    assert statuses(send(DELETE, [{"id": "1"}, {"id": "2"}, {"id": "1"}])) == [
        "deleted",
        "absent",
        "rejected",
    ]
    assert not stored().is_active
    assert statuses(send(DELETE, [{"id": "1"}])) == ["absent"]
    assert statuses(send(PRODUCTS, [HAT])) == ["updated"]
    assert stored().is_active


def test_a_deletion_reaches_no_other_source(send):
    ProductFactory(source="shop", external_id="1", product_id="shop-1")
    assert statuses(send(DELETE, [{"id": "1"}])) == ["absent"]
    assert stored(source="shop").is_active


def test_most_of_a_source_is_deleted_by_force_alone(send):
    rows = [{"id": str(n), "title": "Hat"} for n in range(30)]
    send(PRODUCTS, rows)
    ids = [{"id": row["id"]} for row in rows[:21]]
    refused = send(DELETE, ids)
    assert (refused.status_code, refused.json()["code"]) == (409, "too_many_deletions")
    assert Product.objects.active().count() == 30
    assert set(statuses(send(f"{DELETE}?force=true", ids))) == {"deleted"}
    assert Product.objects.active().count() == 9
