"""Rules of merchandisers."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from accounts.models import User
from catalog.models import Product
from search import engine, retrieval
from search.models import RankingRule
from search.query import SearchQuery, Upload
from tests.search.shop import NOW, picture

pytestmark = pytest.mark.django_db

BOOST, BURY = RankingRule.Kind
STRONG = RankingRule.Strength.STRONG


def rule(field, value="", *, kind=BOOST, **fields):
    return RankingRule.objects.create(
        **{"name": "campaign", "field": field, "value": value, "kind": kind, "strength": STRONG, **fields}
    )


def ask(text="dress", **query):
    return retrieval.search(
        SearchQuery(text=text, top_k=60, **query), user=None, now=NOW, track=True, log=False
    )


def browse():
    return retrieval.search(SearchQuery(browse=True, top_k=100), user=None, now=NOW, track=True, log=False)


def moved(result):
    return {hit.product.pk for hit in result.hits if hit.terms.get("curated")}


KINDS = [
    ("category", "apparel", lambda product: True),
    ("category", "Boots", lambda product: product.category == "Boots"),
    ("brand", "FERN", lambda product: product.brand == "Fern"),
    ("colour", "blue", lambda product: product.colour == "Blue"),
    ("gender", "Men", lambda product: product.gender == "Men"),
    ("size", "L", lambda product: "L" in product.sizes and product.in_stock),
    ("material", "linen", lambda product: "Linen" in product.attributes.get("material", [])),
    ("pattern", "plain", lambda product: product.attributes["pattern"] == "Plain"),
    ("attribute", "season:winter", lambda product: product.attributes["season"] == "Winter"),
    ("on_sale", "", lambda product: product.list_price is not None),
    ("in_stock", "", lambda product: product.in_stock),
]


@pytest.mark.parametrize(("field", "value", "fits"), KINDS)
def test_a_rule_moves_the_products_it_names_and_no_others(shop, field, value, fits):
    rule(field, value)
    result = browse()
    assert moved(result) == {product.pk for product in shop if fits(product)}
    assert max(hit.terms["curated"] for hit in result.hits) == pytest.approx(0.4)


def test_a_rule_by_age_moves_what_came_in_that_time(shop):
    old = Product.objects.filter(pk__in=[product.pk for product in shop[:4]])
    old.update(created_at=NOW - timedelta(days=200), updated_at=NOW + timedelta(hours=1))
    engine.column_store().expire()
    rule("older", "90", kind=BURY)
    assert moved(ask()) == {product.pk for product in shop[:4]}
    RankingRule.objects.all().delete()
    rule("newer", "90", query="boots")
    assert moved(ask("boots")) & {product.pk for product in shop[:4]} == set()
    assert moved(ask("boots"))


def test_a_boost_leads_and_a_burial_ends_the_answer_and_says_so(shop):
    rule("brand", "Moss", name="Moss week")
    boosted = ask()
    brands = [hit.product.brand for hit in boosted.hits if hit.product.category == "Dress"]
    assert brands == sorted(brands, reverse=True)
    assert boosted.hits[0].notes == ("Boosted by staff: Moss week",)
    RankingRule.objects.get().delete()
    rule("brand", "Moss", name="Too many returns", kind=BURY)
    buried = ask()
    assert buried.hits[0].notes == ()
    assert buried.hits[-1].notes == ("Set back by staff: Too many returns",)


def test_what_a_rule_adds_is_part_of_the_rest_that_pages_rank_by(shop):
    before = {hit.product.pk: hit.terms["rest"] for hit in ask().hits}
    rule("brand", "Moss")
    for hit in ask().hits:
        assert hit.terms["rest"] == pytest.approx(before[hit.product.pk] + hit.terms["curated"], abs=1e-6)


def test_a_rule_for_one_search_leaves_the_others_alone(shop):
    rule("brand", "Moss", query="dresses red")
    assert moved(ask("red dress"))
    assert not moved(ask("dress"))
    assert not moved(browse())


@pytest.mark.parametrize(
    ("times", "holds"),
    [
        ({"starts_at": NOW - timedelta(hours=1)}, True),
        ({"starts_at": NOW + timedelta(hours=1)}, False),
        ({"ends_at": NOW}, False),
        ({"ends_at": NOW + timedelta(hours=1)}, True),
        ({"is_enabled": False}, False),
    ],
)
def test_a_rule_holds_between_its_dates_while_it_is_in_use(shop, times, holds):
    rule("brand", "Moss", **times)
    assert bool(moved(ask())) is holds


def test_no_rule_applies_to_a_picture_alone(shop):
    before = [hit.product.pk for hit in ask("", picture=Upload(picture("blue"))).hits]
    rule("colour", "Red")
    rule("brand", "Moss", kind=BURY)
    upload = Upload(picture("blue"))
    assert [hit.product.pk for hit in ask("", picture=upload).hits] == before
    assert [hit.product.pk for hit in ask("red", picture=upload, weight=1.0).hits] == before


@pytest.mark.parametrize(
    ("field", "value"),
    [("attribute", "season"), ("brand", " "), ("older", "soon"), ("newer", "9" * 9), ("brand", "x" * 121)],
)
def test_a_rule_that_cannot_be_read_is_not_saved(field, value):
    with pytest.raises(ValidationError):
        rule(field, value)


# --- Admin -------------------------------------------------------------------------------------
def test_staff_add_a_rule_and_are_told_what_is_wrong_with_it(client, shop):
    client.force_login(User.objects.create_superuser("staff@example.org", "correct horse battery"))
    address = reverse("admin:search_rankingrule_add")
    given = {
        "name": "Sale",
        "kind": "boost",
        "strength": 2,
        "field": "older",
        "value": "x",
        "is_enabled": "on",
    }
    refused = client.post(address, given)
    assert "Give a number of days." in refused.content.decode()
    assert client.post(address, {**given, "value": "30"}).status_code == 302
    assert client.get(reverse("admin:search_rankingrule_changelist")).status_code == 200
    assert client.get(reverse("admin:search_redirect_changelist")).status_code == 200
    assert RankingRule.objects.get().days == 30


@pytest.mark.parametrize(
    ("model", "given"),
    [
        ("rankingrule", {"name": "Sale", "kind": "boost", "strength": 2, "field": "on_sale"}),
        ("redirect", {"query": "size guide", "path": "/results"}),
        ("curatedplacement", {"query": "red dress", "kind": "pin", "position": 1}),
        ("lookrule", {"kind": "forbid", "complement_category": "Dress"}),
    ],
)
def test_an_end_before_the_start_is_refused_in_words(admin_client, shop, model, given):
    times = {
        "starts_at_0": "2026-05-02",
        "starts_at_1": "00:00",
        "ends_at_0": "2026-05-01",
        "ends_at_1": "00:00",
    }
    product = Product.objects.first().pk if model == "curatedplacement" else ""
    answer = admin_client.post(reverse(f"admin:search_{model}_add"), {**given, **times, "product": product})
    assert answer.context["adminform"].form.errors == {"ends_at": ["Give an end after the start."]}


def test_of_two_mistakes_neither_is_told_in_the_words_of_the_database(admin_client, shop):
    times = {
        "starts_at_0": "2026-05-02",
        "starts_at_1": "00:00",
        "ends_at_0": "2026-05-01",
        "ends_at_1": "00:00",
    }
    answer = admin_client.post(reverse("admin:search_lookrule_add"), {"kind": "fix", **times})
    assert answer.context["adminform"].form.errors == {
        "ends_at": ["Give an end after the start."],
        "__all__": [
            "Give one product or one category that is shown with it.",
            "Only a product can always be shown.",
        ],
    }
