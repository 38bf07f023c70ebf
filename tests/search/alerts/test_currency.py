"""The shop changes its currency: amounts are compared with amounts in the same currency alone."""

from datetime import timedelta
from decimal import Decimal
from importlib import import_module

import pytest
from django.apps import apps
from django.core import mail as mailbox
from django.utils import timezone

from search.alerts import new_finds, saved_search
from search.models import Alert, AlertMail
from search.query import Filters, SearchQuery
from tests.accounts.helpers import bearer
from tests.factories import ProductFactory
from tests.search.alerts.changes import SOON, TOMORROW, alert_of, link, synced
from tests.search.alerts.test_new_finds import arrive

pytestmark = pytest.mark.django_db
GUEST = "guest@example.com"


def waits_for_less(product, user=None, **fields):
    """An alert below 30 EUR that is in force by the clock of pages."""
    in_force = {"expires_at": timezone.now() + timedelta(days=1)}
    return alert_of(user, kind="price_below", product=product, price="30.00", **in_force, **fields)


@pytest.fixture
def product(db):
    return ProductFactory(external_id="77", title="Linen dress", price="39.00", currency="EUR")


def ask(client, product, price="30", **form):
    return client.post(
        "/alerts", {"kind": "price_below", "product_id": product.product_id, "price": price, **form}
    )


def due():
    return AlertMail.objects.count()


def test_a_price_is_asked_for_in_the_currency_of_its_product(client, ada, product):
    client.force_login(ada)
    ask(client, product)
    assert Alert.objects.get().currency == "EUR"


def test_later_prices_in_another_currency_are_not_compared_with_the_old_amount(ada, product):
    waits_for_less(product, ada)
    product = synced(product, price="45.00", currency="USD")
    synced(product, price="25.00", currency="USD", now=TOMORROW)
    assert due() == 0


def test_a_price_below_in_the_old_currency_again_is_news(ada, product):
    waits_for_less(product, ada)
    product = synced(product, price="45.00", currency="USD")
    synced(product, price="29.00", currency="EUR", now=TOMORROW)
    assert due() == 1


def test_a_mail_that_is_due_when_the_currency_changes_is_not_sent(ada, product):
    waits_for_less(product, ada)
    synced(product, price="25.00")
    mail = AlertMail.objects.get()
    synced(product, price="20.00", currency="USD", now=TOMORROW)
    assert not mail.alert.is_met_by(type(product).objects.get())


def test_whoever_waits_reads_that_the_alert_rests_and_asks_again(client, ada, product):
    waits_for_less(product, ada)
    client.force_login(ada)
    assert "this rests" not in client.get("/alerts").content.decode()
    product = synced(product, price="45.00", currency="USD")
    page = client.get("/alerts").content.decode()
    assert "costs less than €30.00" in page
    assert "Prices are in USD now and cannot be compared with EUR" in page
    ask(client, product, "40")
    assert (Alert.objects.get().currency, "this rests" in client.get("/alerts").content.decode()) == (
        "USD",
        False,
    )


def test_a_client_reads_currency_and_obstacle(client, ada, product):
    waits_for_less(product, ada)
    synced(product, price="45.00", currency="USD")
    [shown] = client.get("/api/v1/alerts", **bearer(ada)).json()
    assert (shown["price"], shown["currency"]) == ("30.00", "EUR")
    assert "this rests" in shown["obstacle"]


def test_a_guest_who_asks_in_the_new_currency_confirms_it(client, product):
    waits_for_less(product, email=GUEST)
    product = synced(product, price="45.00", currency="USD")
    ask(client, product, "30", email=GUEST)
    confirm = link(mailbox.outbox[0], "/alerts/confirm/")
    assert "costs less than $30.00" in client.get(confirm).content.decode()
    client.post(confirm)
    assert Alert.objects.get().currency == "USD"


def test_the_page_of_a_link_names_the_price_that_it_confirms(client, product):
    for price in ("30", "25"):
        ask(client, product, price, email=GUEST)
    pages = [client.get(link(each, "/alerts/confirm/")).content.decode() for each in mailbox.outbox]
    assert ["€30.00" in pages[0], "€25.00" in pages[1]] == [True, True]


@pytest.mark.parametrize(
    "query",
    [
        SearchQuery(text="red dress", filters=Filters(price_max=Decimal(50))),
        SearchQuery(text="red dress under 50"),
    ],
    ids=["filter", "words"],
)
@pytest.mark.parametrize(("currency", "found"), [("EUR", 1), ("USD", 0)])
def test_new_finds_below_an_amount_are_of_its_currency(shop, ada, colour_encoder, query, currency, found):
    alert_of(ada, kind="new_finds", query=saved_search.to_dict(query), currency="EUR")
    arrive(colour_encoder, price="20.00", currency=currency)
    assert new_finds.find(SOON) == found


def test_a_search_without_an_amount_finds_every_currency(shop, ada, colour_encoder):
    alert_of(ada, kind="new_finds", query=saved_search.to_dict(SearchQuery(text="red dress")))
    arrive(colour_encoder, currency="USD")
    assert new_finds.find(SOON) == 1


@pytest.mark.parametrize(
    ("form", "currency"),
    [({"text": "hat", "price_max": "50"}, "EUR"), ({"text": "hat under 50"}, "EUR"), ({"text": "hat"}, "")],
)
def test_a_search_is_kept_with_the_currency_of_its_amounts(client, ada, product, form, currency):
    client.force_login(ada)
    client.post("/alerts", {"kind": "new_finds", **form})
    assert Alert.objects.get().currency == currency


def test_what_was_asked_for_before_was_meant_in_the_currency_of_then(ada, product):
    below = waits_for_less(product, ada, currency="")
    saved = alert_of(ada, kind="new_finds", query={"text": "hat", "price_max": "50.00"}, currency="")
    back = alert_of(ada, product=product)
    import_module("search.migrations.0006_alert_currency").state_currencies(apps, None)
    stated = dict(Alert.objects.values_list("pk", "currency"))
    assert stated == {below.pk: "EUR", saved.pk: "EUR", back.pk: ""}
