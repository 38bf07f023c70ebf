"""Products in the admin."""

import pytest
from django.contrib.admin import ModelAdmin
from django.urls import reverse

from catalog.models import Product
from tests.factories import ProductFactory


@pytest.mark.django_db
def test_saving_a_product_writes_nothing_over_a_stock_that_changed_meanwhile(admin_client, monkeypatch):
    product = ProductFactory(in_stock=True)
    save_form = ModelAdmin.save_form

    def sell_out_first(*arguments, **options):
        Product.objects.update(in_stock=False)
        return save_form(*arguments, **options)

    monkeypatch.setattr(ModelAdmin, "save_form", sell_out_first)
    address = reverse("admin:catalog_product_change", args=[product.pk])
    sent = {"images-TOTAL_FORMS": 0, "images-INITIAL_FORMS": 0}
    assert admin_client.post(address, sent).status_code == 302
    assert not Product.objects.get().in_stock
