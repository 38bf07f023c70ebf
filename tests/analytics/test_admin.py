"""Django's admin: every list opens, searches, and costs the same for many rows as for few."""

import pytest
from django.contrib import admin
from django.contrib.auth.models import Group
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Favorite, SignIn, User
from analytics.models import DailyCount, ProductClick, SearchLog
from catalog.models import Product, ProductImage, SyncRun
from search.models import (
    CuratedPlacement,
    EmbeddingCacheEntry,
    IndexRun,
    ProductEmbedding,
    QueryImage,
    Synonym,
)
from tests.analytics.conftest import NOON
from tests.factories import ProductFactory, ProductImageFactory

OURS = [
    *(User, Favorite, SignIn, Product, ProductImage, SyncRun, SearchLog, ProductClick, DailyCount),
    *(ProductEmbedding, EmbeddingCacheEntry, QueryImage, Synonym, CuratedPlacement, IndexRun),
]
LOGS = [SearchLog, ProductClick, DailyCount, SyncRun, Favorite, SignIn]


@pytest.fixture
def client(db):
    client = Client()
    client.force_login(
        User.objects.create_superuser("boss@example.org", "x" * 12),
        backend="accounts.sign_in.hashing.PasswordBackend",
    )
    return client


def page(model, name="changelist", *args):
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{name}", args=args)


@pytest.fixture
def rows(ada, searched, clicked):
    """``rows(n)`` adds n rows to what most lists show."""

    def add(n):
        for _row in range(n):
            SignIn.objects.create(user=ada, created_at=NOON, rotated_at=NOON, expires_at=NOON)
            product = ProductImageFactory(kept=False).product
            clicked(searched("red dress", user=ada), product.product_id, user=ada)
            Favorite.objects.create(user=ada, product_id=product.product_id)
            SyncRun.objects.create(source="demo", started_at=timezone.now(), counts={"seen": 3})
            ProductEmbedding.objects.create(
                product=product, fingerprint="f", text_vector=b"", updated_at=timezone.now()
            )
            CuratedPlacement.objects.create(query=f"dress {product.pk}", product=product)

    return add


def test_every_list_opens_and_searches_with_rows_in_it(client, rows):
    rows(2)
    for model in OURS:
        assert client.get(page(model)).status_code == 200, model
        assert client.get(page(model), {"q": "red"}).status_code == 200, model


def test_no_list_costs_a_query_per_row(client, rows, django_assert_max_num_queries):
    rows(12)
    for model in OURS:
        with django_assert_max_num_queries(16, info=model.__name__):
            client.get(page(model))


@pytest.mark.parametrize("model", LOGS, ids=lambda model: model.__name__)
def test_what_machines_wrote_cannot_be_changed(client, rows, model):
    rows(1)
    key = model.objects.first().pk
    assert client.get(page(model, "change", key)).status_code == 200
    assert client.post(page(model, "change", key), {}).status_code == 403
    assert client.get(page(model, "add")).status_code == 403
    assert client.post(page(model, "delete", key), {"post": "yes"}).status_code == 403


def act(client, model, action, *keys):
    return client.post(page(model), {"action": action, "_selected_action": keys}, follow=True)


def test_products_are_deactivated_and_activated(client):
    product = ProductFactory()
    before = product.updated_at
    act(client, Product, "deactivate", product.pk)
    product.refresh_from_db()
    assert (product.is_active, product.withheld, product.updated_at > before) == (False, True, True)
    assert product.deactivated_at is not None
    act(client, Product, "activate", product.pk)
    product.refresh_from_db()
    assert (product.is_active, product.deactivated_at, product.withheld) == (True, None, False)


def test_embedding_again_asks_for_a_reindex_and_the_old_vectors_serve_on(client, monkeypatch):
    asked = []
    monkeypatch.setattr("search.tasks.ask_reindex", asked.append)
    product = ProductFactory()
    ProductEmbedding.objects.create(
        product=product, fingerprint="f", content_hash="c", text_vector=b"", updated_at=timezone.now()
    )
    answer = act(client, Product, "embed_again", product.pk)
    assert ProductEmbedding.objects.get().content_hash == ""
    assert len(asked) == 1
    assert page(IndexRun) in answer.content.decode()


def test_adding_an_index_run_asks_for_it(client, monkeypatch):
    asked = []
    monkeypatch.setattr(
        "search.tasks.ask_reindex",
        lambda run: (setattr(run, "asked_at", timezone.now()), run.save(), asked.append(run)),
    )
    assert client.post(page(IndexRun, "add"), {"full": "on"}).status_code == 302
    assert [run.full for run in asked] == [True]
    run = IndexRun.objects.get()
    assert client.get(page(IndexRun, "change", run.pk)).status_code == 200
    assert client.post(page(IndexRun, "change", run.pk), {"full": ""}).status_code == 403


def test_sync_now_asks_for_the_sources_with_an_address(
    client, settings, monkeypatch, django_capture_on_commit_callbacks
):
    asked = []
    monkeypatch.setattr(
        "catalog.tasks.sync.apply_async", lambda arguments, **options: asked.append(arguments)
    )
    settings.CATALOGUE_SOURCES = {"feed": "https://shop.example/feed.xml"}
    runs = [
        SyncRun.objects.create(source=name, started_at=timezone.now()) for name in ("feed", "feed", "demo")
    ]
    with django_capture_on_commit_callbacks(execute=True):
        answer = act(client, SyncRun, "sync_now", *(run.pk for run in runs)).content.decode()
    queued = SyncRun.objects.get(state="queued")
    assert asked == [("feed", queued.pk)]
    assert page(SyncRun) in answer
    assert "has no address in CATALOGUE_SOURCES" in answer


def test_a_sync_run_shows_its_rejected_rows(client):
    run = SyncRun.objects.create(
        source="feed", started_at=timezone.now(), rejected=[{"line": 12, "problem": "<b>no title</b>"}]
    )
    text = client.get(page(SyncRun, "change", run.pk)).content.decode()
    assert "&lt;b&gt;no title&lt;/b&gt;" in text


def test_deleting_people_in_bulk_forgets_them(client, searched, ada):
    searched("my own words", user=ada)
    act_on = {"action": "delete_selected", "_selected_action": [ada.pk], "post": "yes"}
    client.post(page(User), act_on)
    assert not User.objects.filter(pk=ada.pk).exists()
    assert SearchLog.objects.get().query_text == ""


def test_deactivating_signs_out_but_never_oneself(client, ada):
    boss = User.objects.get(email="boss@example.org")
    act(client, User, "deactivate", ada.pk, boss.pk)
    ada.refresh_from_db()
    boss.refresh_from_db()
    assert (ada.is_active, boss.is_active) == (False, True)


def test_people_can_be_added_and_changed(client, ada):
    assert client.get(page(User, "add")).status_code == 200
    assert client.get(page(User, "change", ada.pk)).status_code == 200


def test_the_site_bears_the_shops_name(client):
    assert "Tandem" in client.get(reverse("admin:index")).content.decode()
    assert admin.site.is_registered(Group)


def test_shoppers_do_not_get_in(db, ada):
    client = Client()
    client.force_login(ada, backend="accounts.sign_in.hashing.PasswordBackend")
    assert client.get(page(Product)).status_code == 302


@pytest.mark.parametrize(
    ("typed", "found"), [("Red  Dress", 2), ("red", 2), ("dress", 0), ("ADA@example.org", 1), ("", 3)]
)
def test_the_log_is_searched_by_how_a_query_begins_or_by_who_asked(client, ada, searched, typed, found):
    searched("red dress")
    searched("RED dress", user=ada)
    searched("blue boots")
    rows = client.get(page(SearchLog), {"q": typed}).context["cl"].result_list
    assert len(rows) == found
