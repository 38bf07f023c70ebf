"""What a sync sees change becomes mails that are due, in the transaction of the change."""

from datetime import timedelta

import pytest

from catalog.models import Product
from catalog.syncing import upsert as upserting
from search.models import Alert, AlertMail
from tests.factories import NOW, ProductFactory
from tests.search.alerts.changes import SOON, TOMORROW, alert_of, sold_out, synced

pytestmark = pytest.mark.django_db


def due():
    return AlertMail.objects.count()


def test_a_product_that_is_back_makes_its_mail_due(ada):
    product = sold_out()
    alert_of(ada, product=product)
    synced(product, in_stock=True)
    mail = AlertMail.objects.get()
    assert (mail.products, mail.due_at, mail.leased_until) == ([product.pk], SOON, None)


def test_a_product_that_was_there_all_the_time_is_no_news(ada):
    product = ProductFactory(external_id="77")
    alert_of(ada, product=product)
    synced(product, title="Another title")
    assert due() == 0


def test_a_change_and_its_mail_are_committed_together(ada, monkeypatch):
    product = sold_out()
    alert_of(ada, product=product)

    def broken(*_args, **_options):
        raise RuntimeError("the process ends here")

    monkeypatch.setattr(upserting.ProductImage.objects, "filter", broken)
    with pytest.raises(RuntimeError):
        synced(product, in_stock=True)
    assert (due(), Product.objects.get(pk=product.pk).in_stock) == (0, False)


@pytest.mark.parametrize(("price", "expected"), [("29.99", 1), ("30.00", 0), ("38.00", 0)])
def test_a_price_alert_waits_for_less_than_its_price(ada, price, expected):
    product = ProductFactory(external_id="77")
    alert_of(ada, kind="price_below", product=product, price="30.00")
    synced(product, price=price)
    assert due() == expected


def test_a_lower_price_of_what_is_sold_out_is_no_news_until_it_is_back(ada):
    product = sold_out()
    alert_of(ada, kind="price_below", product=product, price="30.00")
    product = synced(product, price="20.00")
    assert due() == 0
    synced(product, in_stock=True)
    assert due() == 1


def test_a_product_that_staff_put_back_is_back(ada):
    product = ProductFactory(is_active=False, deactivated_at=NOW)
    alert_of(ada, product=product)
    Product.objects.filter(pk=product.pk).activate(SOON)
    assert due() == 1


def test_a_product_that_returns_to_the_feed_is_back(ada):
    product = ProductFactory(external_id="77", is_active=False, deactivated_at=NOW)
    alert_of(ada, product=product)
    synced(product)
    assert due() == 1


def test_flapping_stock_makes_one_mail(ada):
    product = sold_out()
    alert_of(ada, product=product)
    for in_stock in (True, False, True, False, True):
        product = synced(product, in_stock=in_stock)
    assert due() == 1


@pytest.mark.parametrize(
    "fields", [{"confirmed_at": None}, {"expires_at": SOON}], ids=["not confirmed", "expired"]
)
def test_an_alert_that_is_not_in_force_makes_no_mail(fields):
    product = sold_out()
    alert_of(email="guest@example.com", product=product, **fields)
    synced(product, in_stock=True)
    assert due() == 0


def test_a_closed_account_gets_no_mail(ada):
    ada.is_active = False
    ada.save(update_fields=["is_active"])
    product = sold_out()
    alert_of(ada, product=product)
    synced(product, in_stock=True)
    assert due() == 0


def test_a_mail_waits_until_a_day_after_the_last_one(ada):
    product = sold_out()
    alert_of(ada, product=product, last_sent_at=NOW)
    synced(product, in_stock=True)
    assert AlertMail.objects.get().due_at == NOW + timedelta(days=1)
    assert AlertMail.objects.claimable(TOMORROW).exists()


def test_a_batch_without_news_asks_nothing_about_alerts(django_assert_max_num_queries, ada):
    product = ProductFactory(external_id="77")
    with django_assert_max_num_queries(12) as queries:
        synced(product, title="Another title")
    assert not [query for query in queries if "alerts" in query["sql"]]


def test_an_alert_goes_with_its_product(ada):
    product = sold_out()
    alert_of(ada, product=product)
    product.delete()
    assert not Alert.objects.exists()
