"""Words beside a picture: a wish about what it shows keeps its kind, a thing of their own is followed."""

import pytest

from search import retrieval
from search.images import product_image_id
from search.query import SearchQuery, Upload
from search.ranking.kind_names import names_a_thing, of_product
from search.ranking.kinds import of_picture
from tests.search.ranking.kinds_shop import labels, scores, shop_categories
from tests.search.shop import NOW, picture

BETWEEN = [0.05, 0.3, 0.5, 0.9]


def ask(shown, text, *, weight=0.5, **more):
    query = SearchQuery(image_id=product_image_id(shown), text=text, weight=weight, top_k=100, **more)
    return retrieval.search(query, user=None, now=NOW, track=False, log=False)


def kinds(result):
    return {hit.product.category for hit in result.hits}


@pytest.fixture
def bag(shop):
    return next(product for product in shop if (product.category, product.colour) == ("Bag", "Red"))


@pytest.mark.django_db
@pytest.mark.parametrize(
    "text",
    [
        "in blue", "blue", "like this but in green", "the same in blue please", "with a boots print",
        "to wear with a green dress", "under 25", "without trueblue", "in Blau", "en bleu",
        "comme ça mais en vert", "como este pero en verde", "come questo ma in verde",
        "zoals deze maar in groen", "bunun gibi ama yeşil",
    ],
)  # fmt: skip
def test_a_wish_keeps_the_kind_of_the_picture_at_every_weight(bag, text):
    shown = {weight: kinds(ask(bag, text, weight=weight)) for weight in BETWEEN}
    assert shown == {weight: {"Bag"} for weight in BETWEEN}


@pytest.mark.django_db
def test_a_colour_that_is_wished_for_leads_within_the_kind(bag):
    first = ask(bag, "in blue", weight=0.3).hits[0].product
    assert (first.category, first.colour) == ("Bag", "Blue")


@pytest.mark.django_db
@pytest.mark.parametrize(
    "text", ["matching boots", "boots", "this as boots", "passende Stiefel", "blue boots"]
)
def test_words_with_a_thing_of_their_own_are_followed(bag, text):
    assert "Boots" in kinds(ask(bag, text, weight=0.2))


@pytest.mark.django_db
def test_nothing_that_is_only_of_another_kind_leads_while_the_slider_moves(bag):
    pool = ask(bag, "in blue").rerank_pool
    assert {hit.product.category for hit in pool} <= {"Bag"}


@pytest.mark.django_db
@pytest.mark.parametrize("ignored", ["kind", "kind:Bag", "all"])
def test_a_kind_that_was_taken_back_is_not_kept(bag, ignored):
    assert len(kinds(ask(bag, "in blue", ignore=(ignored,)))) > 1


@pytest.mark.django_db
def test_the_kind_that_is_kept_is_a_chip_of_the_picture(bag, client):
    found = ask(bag, "in blue")
    assert ("kind", "Bag", "") in {(chip.field, chip.value, chip.words) for chip in found.chips}
    page = client.get("/results", {"image_id": product_image_id(bag), "text": "in blue", "weight": "0.5"})
    assert "your picture:" in page.content.decode()


@pytest.mark.django_db
def test_words_that_nothing_knows_leave_the_picture_s_kind(bag):
    assert kinds(ask(bag, "zzzqish", weight=0.1)) == {"Bag"}


@pytest.mark.django_db
def test_at_the_pure_ends_nothing_changes(bag):
    words = retrieval.search(SearchQuery(text="in blue", top_k=100), user=None, now=NOW, track=False)
    assert len(kinds(words)) > 1
    assert [hit.product.pk for hit in ask(bag, "in blue", weight=0.0).hits] == [
        hit.product.pk for hit in words.hits if hit.product.pk != bag.pk
    ]
    assert len(kinds(ask(bag, "in blue", weight=1.0))) > 1


@pytest.mark.django_db
def test_a_picture_of_its_own_shows_its_kind_by_its_likeness(shop):
    query = SearchQuery(picture=Upload(picture("red")), text="in red", weight=0.5)
    assert retrieval.search(query, user=None, now=NOW, track=False).hits


@pytest.fixture(scope="module")
def categories():
    return shop_categories()


@pytest.mark.parametrize(
    "text",
    [
        "in blue", "navy", "for men", "for my wife", "with long sleeves", "with a belt", "in leather",
        "in denim", "made of wool", "more elegant", "sportier", "like this but in green", "same but cheaper",
        "longer", "crew neck", "knee length", "something in red", "for a wedding", "party wear",
        "over the knee", "high top", "to match my tights", "with rain boots",
    ],
)  # fmt: skip
def test_words_that_describe_name_no_thing(categories, text):
    assert not names_a_thing(text, categories, {})


@pytest.mark.parametrize(
    "text",
    [
        "matching rain boots", "this as a dress", "red shirt", "for men shirts", "rain boots in blue",
        "tights to wear with this", "something to wear with this", "a jumpsuit", "clothes", "dress casual",
        "shirt with this print", "this dress but in gold", "like this but as a dress", "tights instead",
    ],
)  # fmt: skip
def test_words_that_name_a_thing_do(categories, text):
    assert names_a_thing(text, categories, {})


def test_a_picture_is_of_the_kind_it_resembles_most(categories):
    shown = scores(categories, Dresses=0.8, Shirts=0.7, **{"Rain Boots": 0.6})
    assert labels(categories, of_picture(categories, shown)) == {"Dresses"}


def test_a_product_is_of_its_own_kind(categories):
    boots = categories.labels.index("Rain Boots")
    row = int((categories.of_row == boots).argmax())
    assert labels(categories, of_product(row, categories)) == {"Rain Boots"}
