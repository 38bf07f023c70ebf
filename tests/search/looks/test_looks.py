"""Looks: which products complete an outfit, and which never do."""

import pytest

from catalog.models import Product
from search.looks import complete
from search.looks.complete import complete_the_look
from search.looks.wearers import BOY, CHILD, GIRL, MAN, UNISEX, UNSTATED, WOMAN, wearer
from tests.factories import ProductFactory, ProductImageFactory
from tests.search.shop import NOW, reindex
from tests.search.wardrobe import outfits


def look(product, **options):
    return {piece.slot: piece for piece in complete_the_look(product, now=NOW, size=8, **options)}


def titles(product):
    return {slot: piece.product.title for slot, piece in look(product).items()}


def test_a_formal_shirt_is_completed_slot_by_slot(wardrobe):
    assert titles(wardrobe["Navy Blue Shirts"]) == {
        "bottom": "Grey Trousers",
        "shoes": "Brown Formal Shoes",
        "neck": "Red Ties",
        "belt": "Brown Belts",
        "watch": "Silver Watches",
    }


def test_each_piece_says_why_it_is_there(wardrobe):
    assert (
        look(wardrobe["Navy Blue Shirts"])["shoes"].reason == "neutral with navy blue · for the same occasion"
    )


def test_each_piece_has_the_name_of_its_slot(wardrobe):
    pieces = look(wardrobe["Navy Blue Shirts"])
    assert (pieces["shoes"].slot_name, pieces["belt"].slot_name) == ("Shoes", "Belt")


def test_sport_is_not_mixed_with_business(wardrobe):
    assert titles(wardrobe["Red Tshirts"]) == {
        "bottom": "Grey Track Pants",
        "shoes": "White Sports Shoes",
    }


def test_women_get_no_mens_clothes(wardrobe):
    assert titles(wardrobe["Black Skirts"]) == {"top": "White Tops", "shoes": "Black Heels"}


def test_children_get_no_adults_clothes(wardrobe):
    assert titles(wardrobe["Pink Dresses"]) == {"shoes": "White Sandals"}


@pytest.mark.parametrize(
    ("title", "worn"), [("Grey Cap", True), ("Grey Beanie Cap", False), ("Knit Beanie Grey Cap", False)]
)
def test_a_winter_hat_among_caps_is_known_by_its_title(wardrobe, colour_encoder, title, worn):
    ProductImageFactory(
        product=ProductFactory(
            title=title, category="Caps", category_path="Caps", colour="Grey", gender="Unisex"
        ),
        position=0,
        kept=True,
    )
    shorts = ProductFactory(title="Shorts", category="Shorts", category_path="Shorts", gender="Men")
    reindex(colour_encoder)
    assert ("head" in look(shorts)) is worn


def test_a_childrens_product_that_is_labelled_as_adults_is_known_by_its_title(wardrobe, colour_encoder):
    Product.objects.filter(pk=wardrobe["Black Heels"].pk).update(
        title="Kids Girls Black Heels", content_hash="x"
    )
    reindex(colour_encoder)
    assert titles(wardrobe["Black Skirts"]) == {"top": "White Tops"}


def test_a_unisex_product_gets_the_clothes_of_one_gender(wardrobe):
    genders = {piece.product.gender for piece in look(wardrobe["Silver Watches"]).values()}
    assert genders == {"Men"}


def test_a_product_that_is_part_of_no_outfit_has_no_look(wardrobe):
    assert look(wardrobe["Gold Perfume"]) == {}


def test_what_is_sold_out_or_gone_is_not_shown(wardrobe, colour_encoder):
    Product.objects.filter(pk=wardrobe["Grey Trousers"].pk).update(in_stock=False)
    Product.objects.filter(pk=wardrobe["Red Ties"].pk).update(is_active=False)
    Product.objects.filter(pk=wardrobe["Brown Belts"].pk).update(
        in_stock=False, updated_at=wardrobe["Brown Belts"].updated_at.replace(year=2027)
    )
    reindex(colour_encoder)
    assert titles(wardrobe["Navy Blue Shirts"]) == {
        "bottom": "Orange Trousers",
        "shoes": "Brown Formal Shoes",
        "watch": "Silver Watches",
    }


def test_what_sold_out_a_moment_ago_is_left_out_although_the_look_is_cached(wardrobe):
    look(wardrobe["Navy Blue Shirts"])
    Product.objects.filter(pk=wardrobe["Red Ties"].pk).update(in_stock=False)
    assert "neck" not in look(wardrobe["Navy Blue Shirts"])


def test_no_variant_of_the_product_and_no_second_of_its_kind_is_shown(wardrobe):
    for product in wardrobe.values():
        pieces = [piece.product for piece in look(product).values()]
        assert product.category not in {each.category for each in pieces}
        assert len({each.pk for each in pieces}) == len(pieces)


def test_the_same_shop_always_gives_the_same_look(wardrobe):
    product = wardrobe["Navy Blue Shirts"]
    first = titles(product)
    complete.cache.clear()
    assert titles(product) == first


def test_warm_and_cold_are_not_worn_together(db, colour_encoder):
    for category in ("Shorts", "Sweaters", "Boots", "Sandals", "Tshirts"):
        ProductImageFactory(product=ProductFactory(title=category, category=category, category_path=category))
    reindex(colour_encoder)
    assert titles(Product.objects.get(title="Shorts")) == {"top": "Tshirts", "shoes": "Sandals"}


def test_a_product_too_new_for_the_index_has_a_look(wardrobe):
    new = ProductFactory(
        title="A shirt", category="Shirts", colour="White", gender="Men", attributes={"usage": "Formal"}
    )
    assert titles(new)["shoes"] == "Brown Formal Shoes"


GERMAN = {
    "Shirts": "Hemden",
    "Trousers": "Hosen",
    "Formal Shoes": "Businessschuhe",
    "Ties": "Krawatten",
    "Belts": "Gürtel",
    "Watches": "Uhren",
    "Jeans": "Jeanshosen",
    "Skirts": "Röcke",
    "Tops": "Oberteile",
    "Dresses": "Kleider",
    "Sandals": "Sandalen",
}


def test_a_shop_whose_categories_are_german_has_the_same_looks(db, colour_encoder):
    products = outfits(colour_encoder, names=GERMAN)
    assert titles(products["Navy Blue Shirts"])["shoes"] == "Brown Businessschuhe"
    assert titles(products["Navy Blue Shirts"])["neck"] == "Red Krawatten"


def test_a_look_takes_two_queries_once_it_is_known(wardrobe, django_assert_num_queries):
    look(wardrobe["Navy Blue Shirts"])
    with django_assert_num_queries(2):
        look(wardrobe["Navy Blue Shirts"])


@pytest.mark.parametrize(
    ("gender", "age_group", "expected"),
    [
        ("Women", "", WOMAN),
        ("Damen", "", WOMAN),
        ("male", "adult", MAN),
        ("Women, Men", "", UNISEX),
        ("Girls, Boys", "", CHILD),
        ("Girls", "", GIRL),
        ("male", "kids", BOY),
        ("unisex", "kids", CHILD),
        ("", "", UNSTATED),
    ],
)
def test_who_wears_a_product_is_read_from_the_shops_words(gender, age_group, expected):
    assert wearer(gender, age_group) == expected
