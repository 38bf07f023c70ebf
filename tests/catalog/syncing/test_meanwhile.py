"""What others write between the moment a batch is compared with the database and the one it is written."""

from decimal import Decimal

import pytest

from catalog.models import Product
from catalog.sources.base import SourceProduct
from catalog.syncing import upsert as upserting
from catalog.syncing.listeners import OfferChange
from catalog.writing import offers
from catalog.writing.results import Row
from tests.factories import NOW, ProductFactory

pytestmark = pytest.mark.django_db
heard = []


def listen(changes, *, now):
    heard.extend(changes)


@pytest.fixture
def meanwhile(monkeypatch):
    """Do something once the batch is compared."""

    def do(work):
        compare = upserting._changes

        def compare_and_do(*arguments):
            found = compare(*arguments)
            work()
            return found

        monkeypatch.setattr(upserting, "_changes", compare_and_do)

    return do


def write(price):
    stated = SourceProduct("1", "Hat", price=Decimal(price), currency="EUR", line=1)
    return upserting.upsert("demo", [stated], now=NOW)


def test_a_product_that_staff_take_out_stays_out(meanwhile):
    product = ProductFactory(external_id="1")
    meanwhile(lambda: Product.objects.deactivate(NOW, for_good=True))
    assert write(15).updated == 1
    product.refresh_from_db()
    assert (product.price, product.is_active, product.withheld) == (15, False, True)
    assert product.deactivated_at == NOW


def test_a_product_that_staff_bring_back_stays_and_is_counted_once(meanwhile):
    write(15)
    Product.objects.deactivate(NOW, for_good=True)
    Product.objects.update(withheld=False)
    meanwhile(lambda: Product.objects.activate(NOW))
    outcome = write(15)
    assert Product.objects.get().is_active
    assert outcome.created + outcome.updated + outcome.unchanged == 1


def test_listeners_hear_what_became_of_the_price_that_was_written_last(meanwhile, settings):
    product = ProductFactory(external_id="1", price=Decimal(39), currency="EUR")
    meanwhile(lambda: offers.update("demo", [Row(0, "1", {"id": "1", "price": Decimal(20)})], now=NOW))
    heard.clear()
    settings.PRODUCT_CHANGE_LISTENERS = [f"{__name__}.{listen.__name__}"]
    write(15)
    assert heard == [
        OfferChange(product.pk, True, True, Decimal(39), Decimal(20)),
        OfferChange(product.pk, True, True, Decimal(20), Decimal(15)),
    ]
