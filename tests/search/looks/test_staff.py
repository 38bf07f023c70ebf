"""Staff's rules of looks: what is fixed, what is forbidden, what is refused."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from accounts.models import User
from catalog.models import Product
from search.models import LookRule
from tests.search.looks.test_looks import look, titles
from tests.search.shop import NOW


def rule(**fields):
    made = LookRule(**fields)
    made.clean()
    made.save()
    return made


def test_a_fixed_product_takes_its_slot(wardrobe):
    shirt = wardrobe["Navy Blue Shirts"]
    rule(kind="fix", product=shirt, complement=wardrobe["Orange Trousers"])
    pieces = look(shirt)
    assert pieces["bottom"].product == wardrobe["Orange Trousers"]
    assert (pieces["bottom"].reason, pieces["bottom"].is_fixed, pieces["bottom"].rank) == (
        "chosen by the shop",
        True,
        1,
    )
    assert pieces["shoes"].product == wardrobe["Brown Formal Shoes"]


def test_a_product_is_fixed_for_every_product_of_a_category(wardrobe):
    rule(kind="fix", category="shirts", complement=wardrobe["Gold Perfume"])
    assert titles(wardrobe["White Shirts"])["other"] == "Gold Perfume"
    assert "other" not in titles(wardrobe["Red Tshirts"])


def test_a_fixed_product_that_is_sold_out_makes_room(wardrobe):
    shirt = wardrobe["Navy Blue Shirts"]
    rule(kind="fix", product=shirt, complement=wardrobe["Orange Trousers"])
    Product.objects.filter(pk=wardrobe["Orange Trousers"].pk).update(
        in_stock=False, updated_at=NOW + timedelta(days=1)
    )
    from search import engine

    engine.column_store().expire()
    assert titles(shirt)["bottom"] == "Grey Trousers"


def test_a_forbidden_product_is_replaced_by_the_next_best(wardrobe):
    rule(kind="forbid", complement=wardrobe["Grey Trousers"])
    assert titles(wardrobe["Navy Blue Shirts"])["bottom"] == "Orange Trousers"


def test_a_forbidden_category_is_never_shown(wardrobe):
    rule(kind="forbid", product=wardrobe["Navy Blue Shirts"], complement_category="ties")
    assert "neck" not in titles(wardrobe["Navy Blue Shirts"])
    assert "neck" in titles(wardrobe["White Shirts"])


def test_what_is_forbidden_is_not_shown_even_where_it_is_fixed(wardrobe):
    shirt, trousers = wardrobe["Navy Blue Shirts"], wardrobe["Orange Trousers"]
    rule(kind="fix", product=shirt, complement=trousers)
    rule(kind="forbid", complement=trousers)
    assert titles(shirt)["bottom"] == "Grey Trousers"


def test_a_rule_holds_between_its_dates_and_while_it_is_in_use(wardrobe):
    forbidden = wardrobe["Red Ties"]
    rule(kind="forbid", complement=forbidden, ends_at=NOW - timedelta(days=1))
    rule(kind="forbid", complement=forbidden, is_enabled=False)
    assert "neck" in titles(wardrobe["Navy Blue Shirts"])


@pytest.mark.parametrize(
    ("field", "fields"),
    [
        ("category", {"kind": "fix", "product": "shirt", "category": "Shirts", "complement": "tie"}),
        ("complement", {"kind": "fix", "product": "shirt"}),
        (
            "complement",
            {"kind": "fix", "product": "shirt", "complement": "tie", "complement_category": "Ties"},
        ),
        ("complement", {"kind": "fix", "product": "shirt", "complement_category": "Ties"}),
        ("product", {"kind": "fix", "complement": "tie"}),
        ("complement", {"kind": "fix", "product": "shirt", "complement": "other_shirt"}),
        ("complement", {"kind": "fix", "category": "SHIRTS", "complement": "shirt"}),
        ("category", {"kind": "forbid", "category": "Hovercraft", "complement": "tie"}),
        ("complement_category", {"kind": "forbid", "complement_category": "Hovercraft"}),
    ],
)
def test_a_rule_that_makes_no_sense_is_refused(wardrobe, field, fields):
    products = {
        "shirt": wardrobe["Navy Blue Shirts"],
        "other_shirt": wardrobe["White Shirts"],
        "tie": wardrobe["Red Ties"],
    }
    with pytest.raises(ValidationError) as refused:
        LookRule(**{name: products.get(value, value) for name, value in fields.items()}).clean()
    assert field in refused.value.message_dict


def test_staff_add_a_rule_in_the_admin(client, wardrobe):
    client.force_login(User.objects.create_superuser("staff@example.org", "correct horse battery"))
    form = {"kind": "forbid", "complement_category": "Ties", "is_enabled": "on"}
    assert client.post(reverse("admin:search_lookrule_add"), form).status_code == 302
    assert client.get(reverse("admin:search_lookrule_changelist")).status_code == 200
    assert "neck" not in titles(wardrobe["Navy Blue Shirts"])


def test_a_change_shows_at_once(wardrobe):
    shirt = wardrobe["Navy Blue Shirts"]
    assert titles(shirt)["neck"]
    forbidden = rule(kind="forbid", complement_category="ties")
    assert "neck" not in titles(shirt)
    forbidden.delete()
    assert titles(shirt)["neck"]
