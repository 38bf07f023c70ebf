"""Saved searches: what is new since the last mail, at most one mail a day."""

from datetime import timedelta

import pytest
from django.core import mail as mailbox
from django.core.files.uploadedfile import SimpleUploadedFile

from catalog.models import Product
from search.alerts import new_finds, saved_search
from search.models import Alert, AlertMail
from search.query import SearchQuery
from tests.factories import NOW, ProductFactory, ProductImageFactory
from tests.search.alerts.changes import SOON, TOMORROW, alert_of, deliver
from tests.search.shop import picture, reindex

RED = saved_search.to_dict(SearchQuery(text="red dress"))
AFTERWARDS = TOMORROW + timedelta(days=1)


@pytest.fixture
def waiting(shop, ada):
    return alert_of(ada, kind="new_finds", query=RED)


def arrive(encoder, *, at=SOON, kind="dress", colour="red", **fields):
    stated = {"title": f"{colour.title()} {kind} that is new", "created_at": at, "updated_at": at, **fields}
    product = ProductFactory(
        category=kind.title(), category_path=f"Apparel > {kind.title()}", colour=colour.title(), **stated
    )
    ProductImageFactory(product=product, position=0, kept=True, colour=colour)
    reindex(encoder)
    return product


def test_a_product_that_came_in_is_told_once(waiting, colour_encoder):
    new = arrive(colour_encoder)
    assert new_finds.find(SOON) == 1
    assert AlertMail.objects.get().products == [new.pk]
    assert deliver().sent == 1
    assert new_finds.find(TOMORROW) == 0
    assert mailbox.outbox[0].subject == "1 new find for you"


def test_products_that_were_there_before_are_no_news(waiting):
    assert new_finds.find(SOON) == 0


def test_a_new_product_of_another_kind_is_no_news(waiting, colour_encoder):
    arrive(colour_encoder, kind="bag", colour="green")
    assert new_finds.find(SOON) == 0


def test_a_new_product_that_is_sold_out_is_no_news(waiting, colour_encoder):
    arrive(colour_encoder, in_stock=False)
    assert new_finds.find(SOON) == 0


def test_products_of_an_answer_that_let_a_price_go_are_no_news(shop, ada, colour_encoder):
    alert_of(ada, kind="new_finds", query=saved_search.to_dict(SearchQuery(text="red dress under 5")))
    arrive(colour_encoder)
    assert new_finds.find(SOON) == 0


def test_a_search_that_cannot_be_read_any_more_keeps_no_other_from_its_turn(
    waiting, shop, ada, colour_encoder, monkeypatch
):
    monkeypatch.setattr(new_finds, "MAX_SEARCHES", 1)
    gone = alert_of(ada, kind="new_finds", query={"image_id": "product:gone-1"}, query_key="gone")
    Alert.objects.filter(pk=gone.pk).update(seen_until=waiting.seen_until - timedelta(days=1))
    arrive(colour_encoder)
    assert [new_finds.find(SOON), new_finds.find(SOON)] == [0, 1]


def test_new_products_of_one_day_come_in_one_mail_the_next_day(waiting, colour_encoder):
    arrive(colour_encoder)
    new_finds.find(SOON)
    deliver()
    later = [
        arrive(colour_encoder, at=SOON + timedelta(hours=hour), title=f"Red dress {hour}") for hour in (1, 2)
    ]
    assert new_finds.find(SOON + timedelta(hours=3)) == 0
    assert new_finds.find(AFTERWARDS) == 1
    assert set(AlertMail.objects.get().products) == {each.pk for each in later}


def test_people_with_one_search_cost_one_search(waiting, colour_encoder, django_assert_max_num_queries):
    for number in range(5):
        alert_of(email=f"guest{number}@example.com", kind="new_finds", query=RED)
    arrive(colour_encoder)
    with django_assert_max_num_queries(25):
        assert new_finds.find(SOON) == 6


def test_a_search_looks_again_only_once_something_came_in(waiting, colour_encoder, django_assert_num_queries):
    arrive(colour_encoder, kind="bag", colour="green")
    new_finds.find(SOON)
    with django_assert_num_queries(1):
        new_finds.find(SOON)


def test_what_is_not_indexed_yet_is_told_later(waiting, colour_encoder):
    unseen = ProductFactory(title="Red dress unseen", category="Dress", colour="Red", created_at=SOON)
    assert new_finds.find(SOON) == 0
    Product.objects.filter(pk=unseen.pk).update(updated_at=SOON)
    reindex(colour_encoder)
    assert new_finds.find(SOON) == 1


def test_without_an_index_alerts_wait(ada, colour_encoder, db):
    alert_of(ada, kind="new_finds", query=RED)
    assert new_finds.find(SOON) == 0
    assert Alert.objects.get().seen_until == NOW


def test_the_mail_leads_to_the_results_newest_first(waiting, colour_encoder, client):
    arrive(colour_encoder)
    new_finds.find(SOON)
    deliver()
    assert "/results?text=red+dress&sort=newest" in mailbox.outbox[0].body


def test_the_results_page_offers_to_save_its_search(client, shop, ada):
    client.force_login(ada)
    page = client.get("/results?text=red+dress&price_max=50&in_stock=true").content.decode()
    for name, value in (("text", "red dress"), ("price_max", "50"), ("in_stock", "true")):
        assert f'<input type="hidden" name="{name}" value="{value}">' in page.split('id="alert"')[1]
    form = {"kind": "new_finds", "text": "red dress", "price_max": "50", "in_stock": "true"}
    assert client.post("/alerts", form).status_code == 303
    assert Alert.objects.get().query == {"text": "red dress", "price_max": "50", "in_stock": True}


def test_words_that_nothing_knows_are_not_offered_to_be_waited_for(client, shop):
    assert 'id="alert"' not in client.get("/results?text=xqzwvk").content.decode()
    assert 'id="alert"' in client.get("/results?text=xqzwvk+dress").content.decode()


def test_a_category_is_saved_with_its_path(client, shop):
    page = client.get("/category/apparel/dress").content.decode()
    assert '<input type="hidden" name="category" value="Apparel &gt; Dress">' in page.split('id="alert"')[1]


def test_a_search_with_an_uploaded_picture_is_not_saved(client, shop, settings):
    kept = client.post("/results", {"image": _file(picture("red"))})
    assert 'id="alert"' not in client.get(kept["Location"]).content.decode()


def _file(data):
    return SimpleUploadedFile("red.jpg", data, "image/jpeg")


def test_a_saved_search_is_read_back(shop):
    query = SearchQuery(text="red dress", exclude="bag", ignore=("colour:Red",))
    again = saved_search.from_dict(saved_search.to_dict(query))
    assert (again.text, again.exclude, again.ignore) == ("red dress", "bag", ("colour:Red",))
