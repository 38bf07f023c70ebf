"""Each table that names a person is exported to them, and names nobody once the account is gone."""

from datetime import timedelta

import pytest
from django.contrib.admin.models import ADDITION, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.utils import timezone

from accounts.api.export_schema import ExportSerializer
from accounts.api_keys import ApiKey
from accounts.export import export
from accounts.models import Favorite, SignIn, User
from analytics.models import Event, Experiment, ProductClick, SearchLog
from search.models import Alert, QueryImage, QueryImageOwner
from tests.factories import ProductFactory

pytestmark = pytest.mark.django_db
# Where the export has what a table holds of a person. A new relation to people belongs here.
SECTION_OF = {
    "accounts.ApiKey": "api_keys",
    "accounts.Favorite": "favorites",
    "accounts.SignIn": "sign_ins",
    "analytics.Event": "events",
    "analytics.Experiment": "experiments",
    "analytics.ProductClick": "clicks",
    "analytics.SearchLog": "searches",
    "search.Alert": "alerts",
    "search.QueryImageOwner": "pictures",
}
# What staff did in the admin is the shop's record; the roles of a person are part of "account".
NOT_EXPORTED = {"admin.LogEntry", "accounts.User_groups", "accounts.User_user_permissions"}


def relations():
    fields = User._meta.get_fields(include_hidden=True)
    return [each for each in fields if each.auto_created and not each.concrete and each.related_model != User]


@pytest.fixture
def everything(ada):
    """One row of each kind that names Ada."""
    now = timezone.now()
    product = ProductFactory(product_id="demo-1")
    log = SearchLog.objects.create(
        user=ada, query_type="text", query_text="my words", timestamp=now, took_ms=1.0, results_count=1
    )
    ProductClick.objects.create(search=log, user=ada, product_id="demo-1", position=1, timestamp=now)
    Event.objects.create(user=ada, type="view", product_id="demo-1", timestamp=now)
    ApiKey.objects.create(name="Front end", identifier="abc", digest="d", created_by=ada)
    Favorite.objects.create(user=ada, product_id="demo-1")
    SignIn.objects.create(user=ada, created_at=now, rotated_at=now, expires_at=now + timedelta(days=1))
    Experiment.objects.create(name="Fresh first", freshness=0.4, started_by=ada, started_at=now)
    Alert.objects.create(
        user=ada, kind="back_in_stock", product=product, created_at=now, expires_at=now + timedelta(days=9)
    )
    image = QueryImage.objects.create(
        image_id="a" * 64,
        picture="a.webp",
        width=9,
        height=9,
        created_at=now,
        expires_at=now + timedelta(days=1),
    )
    QueryImageOwner.objects.create(user=ada, image=image, uploaded_at=now, expires_at=now + timedelta(days=1))
    LogEntry.objects.create(
        user=ada, content_type=ContentType.objects.get_for_model(User), object_repr="", action_flag=ADDITION
    )
    return ada


def test_every_table_that_names_a_person_is_known():
    assert {each.related_model._meta.label for each in relations()} == {*SECTION_OF, *NOT_EXPORTED}


@pytest.mark.parametrize("section", SECTION_OF.values())
def test_the_export_has_what_a_table_holds_of_a_person(everything, section):
    assert len(export(everything, now=timezone.now())[section]) == 1


def test_the_document_of_the_api_has_every_section_and_field(everything):
    made, described = export(everything, now=timezone.now()), ExportSerializer().fields
    assert made.keys() == described.keys()
    for section in SECTION_OF.values():
        fields = described[section].child.fields
        # The serializer of favourites is that of their endpoint, which shows cards beside them.
        assert section == "favorites" or made[section][0].keys() == fields.keys(), section


@pytest.mark.parametrize("section", SECTION_OF.values())
def test_the_export_has_nothing_of_others(everything, section):
    bob = User.objects.create_user("bob@example.org", "correct horse battery")
    assert export(bob, now=timezone.now())[section] == []


def test_once_the_account_is_gone_no_table_names_the_person(everything):
    key = everything.pk
    everything.delete()
    for relation in relations():
        assert not relation.related_model._base_manager.filter(**{relation.field.name: key}).exists()
    assert not Event.objects.exists()
    assert not SearchLog.objects.exclude(query_text="").exists()
