"""Who is told of a call: listeners of good news within its transaction, then the task that publishes it."""

from decimal import Decimal

import pytest

from catalog import queue
from catalog.models import Product
from catalog.syncing.listeners import OfferChange
from tests.catalog.bulk.calls import DELETE, HAT, OFFERS, PRODUCTS, statuses, stored
from tests.factories import NOW

pytestmark = pytest.mark.django_db
heard = []


def listen(changes, *, now):
    heard.extend(changes)


def fail(changes, *, now):
    raise RuntimeError


@pytest.fixture
def news(settings, send):
    """What listeners hear once there is a hat."""
    send(PRODUCTS, [HAT])
    heard.clear()
    settings.PRODUCT_CHANGE_LISTENERS = [f"{__name__}.{listen.__name__}"]
    return heard


@pytest.fixture
def followed(announced, send):
    """The runs that are enqueued once there is a hat."""
    send(PRODUCTS, [HAT])
    queue.change_is_followed()
    announced.clear()
    return announced


def change(before, after, *, could=True, can=True):
    return OfferChange(stored().pk, could, can, Decimal(before), Decimal(after))


def test_a_lower_price_reaches_the_listeners(send, news):
    send(OFFERS, [{"id": "1", "price": "15.00"}])
    assert news == [change(20, 15)]
    assert news[0].is_cheaper
    assert not news[0].is_back


@pytest.mark.parametrize(("path", "row"), [(OFFERS, {}), (PRODUCTS, {"title": "Hat"})])
def test_a_smaller_amount_in_another_currency_is_no_lower_price(send, news, path, row):
    send(path, [{**row, "id": "1", "price": "15.00", "currency": "GBP"}])
    assert (stored().price, stored().currency) == (15, "GBP")
    assert news == []


def test_a_product_that_is_back_in_another_currency_is_back_and_not_cheaper(send, news):
    send(OFFERS, [{"id": "1", "quantity": 0}])
    send(OFFERS, [{"id": "1", "quantity": 2, "price": "15.00", "currency": "GBP"}])
    assert [(each.is_back, each.is_cheaper) for each in news] == [(True, False)]


def test_a_product_that_is_back_reaches_the_listeners(send, news):
    send(OFFERS, [{"id": "1", "quantity": 0}])
    assert news == []
    send(OFFERS, [{"id": "1", "quantity": 2}])
    assert news == [change(20, 20, could=False)]
    assert news[0].is_back


def test_a_whole_product_with_a_better_offer_reaches_the_listeners(send, news):
    send(PRODUCTS, [{**HAT, "price": "15.00"}, {"id": "2", "title": "Scarf", "price": "5.00"}])
    assert news == [change(20, 15)]


def test_a_deleted_product_that_is_sent_again_is_back(send, news):
    send(DELETE, [{"id": "1"}])
    send(PRODUCTS, [HAT])
    assert news == [change(20, 20, could=False)]


@pytest.mark.parametrize("row", [{"price": "25.00"}, {"price": "20.00"}, {"quantity": 1}, {"quantity": 0}])
def test_what_is_no_good_news_reaches_nobody(send, news, row):
    assert statuses(send(OFFERS, [{"id": "1", **row}]))
    assert news == []


def test_a_better_offer_of_a_product_that_staff_took_out_reaches_nobody(send, news):
    Product.objects.deactivate(NOW, for_good=True)
    assert statuses(send(OFFERS, [{"id": "1", "price": "15.00"}])) == ["updated"]
    assert news == []


def test_an_offer_is_written_together_with_what_listeners_write_or_not_at_all(client, send, news, settings):
    client.raise_request_exception = False
    settings.PRODUCT_CHANGE_LISTENERS = [f"{__name__}.{fail.__name__}"]
    assert send(OFFERS, [{"id": "1", "price": "15.00"}]).status_code == 500
    assert stored().price == 20


@pytest.mark.parametrize(
    ("path", "row"),
    [
        (OFFERS, {"id": "1", "price": "15.00"}),
        (PRODUCTS, {"id": "2", "title": "Scarf"}),
        (PRODUCTS, {**HAT, "title": "Cap"}),
        (DELETE, {"id": "1"}),
    ],
)
def test_a_change_is_published_by_one_run(send, followed, path, row):
    send(path, [row])
    assert followed == [queue.GATHER_SECONDS]


@pytest.mark.parametrize(
    ("path", "row"),
    [
        (OFFERS, {"id": "1", "price": "20.00"}),
        (OFFERS, {"id": "2", "price": "15.00"}),
        (PRODUCTS, HAT),
        (PRODUCTS, {"id": "2"}),
        (DELETE, {"id": "2"}),
    ],
)
def test_a_call_that_changes_nothing_publishes_nothing(send, followed, path, row):
    send(path, [row])
    assert followed == []


def test_a_call_that_is_sent_again_publishes_nothing(send, followed):
    send(OFFERS, [{"id": "1", "price": "15.00"}], idempotency_key="k1")
    queue.change_is_followed()
    send(OFFERS, [{"id": "1", "price": "15.00"}], idempotency_key="k1")
    assert len(followed) == 1
