"""Two who have the same page of the admin open, or save the same at once."""

from datetime import timedelta

import pytest
from django.contrib.admin import ModelAdmin
from django.contrib.auth.models import Group, Permission
from django.db import IntegrityError, connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from analytics.models import BlockedSuggestion, Experiment
from catalog.models import SavedOptions
from search.language.tokens import phrase_key
from search.models import RankingRule, Redirect, Synonym
from tests.factories import NOW
from tests.rest.sent import Sent

pytestmark = pytest.mark.django_db


def address_of(row):
    return reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_change", args=[row.pk])


@pytest.fixture
def opened(admin_client):
    """``save = opened(row)`` opens the page of a row; ``save(name="…")`` sends it, None for an empty box."""

    def open_page(row):
        sent = Sent.of(admin_client.get(address_of(row)).content.decode())

        def save(**changed):
            fields = {**sent, **{name: value for name, value in changed.items() if value is not None}}
            for name, value in changed.items():
                if value is None:
                    fields.pop(name)
            answer = admin_client.post(address_of(row), fields)
            row.refresh_from_db()
            return answer

        return save

    return open_page


@pytest.mark.parametrize("language", ["en", "de"])
@pytest.mark.parametrize(
    "row",
    [
        RankingRule(name="Sale", field="on_sale", starts_at=NOW, ends_at=NOW + timedelta(days=1)),
        Experiment(name="Fresh first", share=50, freshness=0.4),
    ],
)
def test_a_page_that_is_saved_as_it_is_writes_nothing(opened, admin_client, row, language):
    admin_client.defaults["HTTP_ACCEPT_LANGUAGE"] = language
    row.pk = None
    row.save(force_insert=True)
    page = opened(row)
    with CaptureQueriesContext(connection) as queries:
        assert page().status_code == 302
    written = [each["sql"] for each in queries if each["sql"].startswith("UPDATE")]
    assert [sql for sql in written if row._meta.db_table in sql] == []


def test_a_rule_that_was_switched_off_meanwhile_stays_off(opened):
    rule = RankingRule.objects.create(name="Sale", field="on_sale")
    first, second = opened(rule), opened(rule)
    first(is_enabled=None)
    assert second(name="Summer sale").status_code == 302
    assert (rule.name, rule.is_enabled) == ("Summer sale", False)


def test_what_two_pages_make_of_a_row_is_refused_where_it_makes_no_sense(opened):
    rule = RankingRule.objects.create(name="New", field="newer", value="30")
    first, second = opened(rule), opened(rule)
    first(value="60")
    second(field="brand", value="Fern")
    assert (rule.field, rule.value) == ("brand", "Fern")
    third, fourth = opened(rule), opened(rule)
    third(field="attribute", value="sleeve:long")
    refused = fourth(value="Moss")
    assert refused.status_code == 200
    assert (rule.field, rule.value) == ("attribute", "sleeve:long")


def test_new_words_are_found_by_their_key(opened):
    synonym = Synonym.objects.create(term="trainers", alternatives="sports shoes")
    opened(synonym)(term="runners")
    assert (synonym.term, synonym.key) == ("runners", phrase_key("runners"))


def test_an_account_that_was_deactivated_meanwhile_stays_so(opened):
    shopper = User.objects.create_user("shopper@example.com", "correct horse battery")
    page = opened(shopper)
    User.objects.filter(pk=shopper.pk).update(is_active=False)
    assert page(name="Eve").status_code == 302
    assert (shopper.name, shopper.is_active) == ("Eve", False)


def test_rights_that_were_taken_meanwhile_stay_taken(opened):
    group = Group.objects.create(name="Desk")
    group.permissions.add(*Permission.objects.all()[:2])
    page = opened(group)
    group.permissions.clear()
    assert page(name="Front desk").status_code == 302
    assert (group.name, group.permissions.count()) == ("Front desk", 0)


def test_rights_that_the_page_takes_are_taken(opened):
    group = Group.objects.create(name="Desk")
    group.permissions.add(*Permission.objects.all()[:2])
    opened(group)(permissions=None)
    assert group.permissions.count() == 0


def test_how_a_feed_is_read_keeps_what_another_page_has_changed(opened):
    options = SavedOptions.objects.create(source="shop", columns={"Titel": "title"}, decimal=",")
    first, second = opened(options), opened(options)
    first(columns='{"Name": "title"}')
    assert second(currency="EUR").status_code == 302
    assert (options.columns, options.decimal, options.currency) == ({"Name": "title"}, ",", "EUR")


@pytest.mark.parametrize(
    ("model", "form"),
    [
        (Synonym, {"term": "trainers", "alternatives": "sports shoes"}),
        (Redirect, {"query": "sale", "path": "/results?on_sale=true"}),
        (BlockedSuggestion, {"phrase": "rude word"}),
        (SavedOptions, {"source": "shop", "columns": "{}"}),
        (Group, {"name": "Desk"}),
    ],
)
def test_the_second_of_two_new_ones_alike_is_told_that_there_is_one(admin_client, monkeypatch, model, form):
    address = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_add")
    view = ModelAdmin.changeform_view

    def saved_by_another_first(page, request, *arguments, **options):
        monkeypatch.setattr(ModelAdmin, "changeform_view", view)
        view(page, request, *arguments, **options)
        raise IntegrityError

    monkeypatch.setattr(ModelAdmin, "changeform_view", saved_by_another_first)
    answer = admin_client.post(address, form)
    assert answer.status_code == 200
    assert "already" in answer.content.decode()
    assert model.objects.filter(**{name: form[name] for name in list(form)[:1]}).count() == 1
