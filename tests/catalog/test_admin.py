"""Products and syncs in the admin."""

from collections import Counter

import pytest
from django.contrib.admin import ModelAdmin, site
from django.urls import reverse

from catalog.models import Product, SyncRun
from catalog.syncing.report import SyncReport
from tests.factories import NOW, ProductFactory


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


@pytest.mark.django_db
def test_the_page_of_a_product_offers_nothing_to_save(admin_client):
    address = reverse("admin:catalog_product_change", args=[ProductFactory().pk])
    page = admin_client.get(address).content.decode()
    assert "_save" not in page
    assert "_continue" not in page
    assert 'class="closelink"' in page


@pytest.mark.django_db
def test_the_report_of_a_sync_is_in_the_language_of_the_reader(admin_client):
    counts = SyncReport("shop", seen=1200, created=1200, lacking=Counter(colour=3)).counts()
    SyncRun.objects.create(source="shop", started_at=NOW, state="done", counts=counts)
    page = admin_client.get(reverse("admin:catalog_syncrun_changelist"), headers={"Accept-Language": "de"})
    content = page.content.decode()
    assert "gesehen 1200, neu 1200" in content
    assert "ohne Farbe 3" in content


def test_the_report_of_a_sync_names_no_noughts_but_that_of_a_feed_with_nothing_in_it():
    run = SyncRun(counts={"seen": 0, "updated": 0, "held_back": 3, "seconds": 0.4})
    assert site.get_model_admin(SyncRun).report(run) == "seen 0, held back 3, seconds 0.4"
