"""Entries of staff whose words are those of another entry, which no form shows."""

import pytest
from django.urls import reverse

from search.models import CuratedPlacement, ProductEmbedding, Redirect, Synonym

pytestmark = pytest.mark.django_db


def add(admin_client, name, **form):
    return admin_client.post(reverse(f"admin:search_{name}_add"), form)


def errors(answer, field):
    assert answer.status_code == 200
    return answer.context["adminform"].form.errors[field]


def test_a_synonym_of_the_same_words_is_refused_in_the_form(admin_client):
    assert add(admin_client, "synonym", term="trainers", alternatives="shoes").status_code == 302
    assert "already" in errors(add(admin_client, "synonym", term="Trainer", alternatives="boots"), "term")[0]
    row = Synonym.objects.get()
    change = reverse("admin:search_synonym_change", args=[row.pk])
    assert admin_client.post(change, {"term": "Trainers", "alternatives": "boots"}).status_code == 302


def test_a_redirect_of_the_same_words_is_refused_in_the_form(admin_client):
    form = {"path": "/sale", **dict.fromkeys(("starts_at_0", "starts_at_1", "ends_at_0", "ends_at_1"), "")}
    assert add(admin_client, "redirect", query="sale", **form).status_code == 302
    assert "already" in errors(add(admin_client, "redirect", query="sales", **form), "query")[0]
    assert Redirect.objects.count() == 1


def test_a_placement_of_the_same_product_and_words_is_refused_in_the_form(admin_client, shop):
    form = {"product": shop[0].pk, "kind": "pin", "position": 1}
    form |= dict.fromkeys(("starts_at_0", "starts_at_1", "ends_at_0", "ends_at_1"), "")
    assert add(admin_client, "curatedplacement", query="red dress", **form).status_code == 302
    again = add(admin_client, "curatedplacement", query="dresses red", **(form | {"kind": "bury"}))
    assert "already" in errors(again, "query")[0]
    other = add(admin_client, "curatedplacement", query="dresses red", **(form | {"product": shop[1].pk}))
    assert other.status_code == 302
    assert CuratedPlacement.objects.count() == 2


@pytest.mark.parametrize("term", ["赤いドレス" * 16, "ß" * 80])
def test_words_whose_stems_are_longer_than_they_are_can_be_kept(admin_client, term):
    assert add(admin_client, "synonym", term=term, alternatives="dress").status_code == 302
    assert len(Synonym.objects.get().key) > len(term)


@pytest.mark.parametrize(("picture", "count"), [("yes", 60), ("no", 0), ("", 60)])
def test_embeddings_are_filtered_by_whether_they_are_of_a_picture(admin_client, shop, picture, count):
    address = reverse("admin:search_productembedding_changelist")
    page = admin_client.get(address, {"picture": picture, "_facets": "True"})
    assert page.context["cl"].result_count == count
    assert ProductEmbedding.objects.count() == 60
