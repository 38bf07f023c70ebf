"""The flow, on a shop whose right answers are known."""

from decimal import Decimal

import pytest

from catalog.models import Product
from search import engine, retrieval
from search.images import UnknownImage, product_image_id
from search.query import Crop, Filters, InvalidQuery, SearchQuery, Sort, Upload
from tests.search.shop import NOW, picture, reindex

pytestmark = pytest.mark.django_db


def ask(**query):
    return retrieval.search(SearchQuery(**query), user=None, now=NOW, track=True)


def ids(result):
    return [hit.product.product_id for hit in result.hits]


def colours(result, top=5):
    return [hit.product.colour for hit in result.hits[:top]]


def test_words_find_what_they_say(shop):
    result = ask(text="red dress")
    assert {(hit.product.colour, hit.product.category) for hit in result.hits[:5]} == {("Red", "Dress")}
    assert result.query_type == "text"


def test_a_picture_finds_its_like(shop):
    result = ask(picture=Upload(picture("blue")))
    assert set(colours(result, 10)) == {"Blue"}
    assert (result.query_type, len(result.image_id)) == ("image", 64)


def test_the_weight_moves_the_answer_from_the_words_to_the_picture(shop):
    answers = [ask(text="red", picture=Upload(picture("blue")), weight=w) for w in (0.0, 0.2, 0.8, 1.0)]
    assert set(colours(answers[0])) == {"Red"}
    assert set(colours(answers[-1])) == {"Blue"}
    blues = [colours(answer, 20).count("Blue") for answer in answers]
    assert blues == sorted(blues)


def test_at_the_ends_of_the_weight_only_one_side_answers(shop):
    upload = Upload(picture("blue"))
    assert ids(ask(text="red", picture=upload, weight=1.0, top_k=60)) == ids(ask(picture=upload, top_k=60))
    assert ids(ask(text="red", picture=upload, weight=0.0, top_k=60)) == ids(ask(text="red", top_k=60))


@pytest.mark.parametrize("weight", [0.0, 0.3, 0.5, 0.7, 1.0])
def test_the_two_scores_mix_to_the_similarity(shop, weight):
    result = ask(text="red dress", picture=Upload(picture("blue")), weight=weight)
    for hit in (*result.hits, *result.rerank_pool):
        mixed = weight * hit.image_score + (1 - weight) * hit.text_score
        assert hit.similarity == pytest.approx(mixed, abs=2e-6)


def test_scores_lie_between_0_and_1_and_order_the_list(shop):
    result = ask(text="green bag", picture=Upload(picture("red")), top_k=60)
    scores = [hit.score for hit in result.hits]
    assert scores == sorted(scores, reverse=True)
    assert all(0 <= score <= 1 for score in scores)
    assert [hit.rank for hit in result.hits] == list(range(1, len(scores) + 1))


def test_pages_together_are_the_whole_answer_without_repeats(shop):
    whole = ask(text="dress", top_k=100)
    paged, offset = [], 0
    while offset is not None:
        page = ask(text="dress", top_k=7, offset=offset)
        paged += ids(page)
        offset = page.next_offset
    assert paged == ids(whole)
    assert len(set(paged)) == whole.total == len(paged)


def test_a_facet_shows_every_choice_also_beside_the_one_that_was_made(shop):
    query = SearchQuery(text="dress", filters=Filters(colour=("Red",), brand=("Fern",)))
    shown = {
        choice.value: choice.count
        for choice in retrieval.search(query, user=None, now=NOW, track=True).facets.colour
    }
    totals = {
        colour: retrieval.search(query.narrowed(colour=(colour,)), user=None, now=NOW, track=True).total
        for colour in ("Red", "Green", "Blue")
    }
    assert shown == totals
    assert all(totals.values())


def test_a_filter_leaves_only_what_passes_it(shop):
    result = ask(
        text="dress", filters=Filters(colour=("green",), price_max=Decimal(30), in_stock=True), top_k=60
    )
    assert result.total
    assert all(hit.product.colour == "Green" and hit.product.price <= 30 for hit in result.hits)


def test_sorting_keeps_the_answer_set(shop):
    by_price = ask(text="red dress", sort=Sort.PRICE, top_k=60)
    assert sorted(ids(by_price)) == sorted(ids(ask(text="red dress", top_k=60)))
    prices = [hit.product.price for hit in by_price.hits]
    assert prices == sorted(prices)


def test_a_product_that_left_the_shop_leaves_the_answer_at_once(shop):
    first = ask(text="red dress").hits[0].product
    Product.objects.filter(pk=first.pk).update(is_active=False, updated_at=NOW.replace(hour=13))
    engine.column_store().expire()
    assert first.product_id not in ids(ask(text="red dress", top_k=60))


def test_later_pages_follow_the_first_one_through_a_new_index(shop, colour_encoder):
    before = ids(ask(text="dress", top_k=100))
    ask(text="dress", top_k=5)
    Product.objects.filter(product_id=before[0]).update(title="Blue boots", colour="Blue", updated_at=NOW)
    reindex(colour_encoder)
    assert ids(ask(text="dress", top_k=5, offset=5)) == before[5:10]


def test_german_words_find_what_an_english_shop_has(shop):
    german, english = ask(text="rotes Kleid"), ask(text="red dress")
    assert ids(german) == ids(english)
    assert {(chip.field, chip.value, chip.words) for chip in german.chips} == {
        ("colour", "Red", "rotes"),
        ("word", "dress", "Kleid"),
        ("kind", "Dress", "dress"),
    }


def test_words_that_all_became_filters_leave_a_picture_to_decide(shop):
    image_id = product_image_id(shop[0])
    narrowed = ask(image_id=image_id, text="under 25", weight=0.3)
    chosen = ask(image_id=image_id, filters=Filters(price_max=Decimal(25), category=(shop[0].category,)))
    assert ids(narrowed) == ids(chosen)
    assert narrowed.query_type == "image"


@pytest.mark.parametrize("text", ["under 25", "unter 25 €"])
def test_words_that_are_all_filters_are_answered_by_whatever_passes_them(shop, text):
    result = ask(text=text, top_k=100)
    assert sorted(ids(result)) == sorted(each.product_id for each in shop if each.price <= 25)
    assert result.cutoff == 0.0


def test_a_product_that_says_most_of_the_words_answers_whatever_its_vectors_say(shop, colour_encoder):
    Product.objects.filter(pk=shop[0].pk).update(title="Zanzibar", updated_at=NOW)
    reindex(colour_encoder)
    assert shop[0].product_id in ids(ask(text="zanzibar nonesuch", top_k=100))


def test_an_image_id_asks_again_without_a_second_upload(shop):
    first = ask(picture=Upload(picture("red")), crop=Crop(0.1, 0.1, 0.5, 0.5))
    assert ids(ask(image_id=first.image_id)) == ids(first)


def test_a_products_own_picture_can_be_asked_with(shop):
    product = shop[0]
    result = ask(image_id=product_image_id(product), text="green")
    assert product.product_id not in ids(result)
    assert result.query_type == "hybrid"


@pytest.mark.parametrize("image_id", ["a" * 64, "nonsense", "product:gone-1", "../../etc/passwd"])
def test_it_says_so_when_a_picture_is_not_known(shop, image_id):
    with pytest.raises(UnknownImage):
        ask(image_id=image_id)


def test_a_picture_is_forgotten_after_a_day(shop):
    first = ask(picture=Upload(picture("red")))
    with pytest.raises(UnknownImage):
        retrieval.search(SearchQuery(image_id=first.image_id), user=None, now=NOW.replace(day=6), track=True)


def test_it_refuses_to_answer_nothing(shop):
    with pytest.raises(InvalidQuery):
        ask()


def test_products_to_lean_towards_answer_alone_and_stay_out(shop):
    blue = [product for product in shop if product.colour == "Blue"][:3]
    result = ask(like=tuple(product.product_id for product in blue))
    assert set(colours(result)) == {"Blue"}
    assert not {product.product_id for product in blue} & set(ids(result))


def test_similar_products_never_include_the_product(shop):
    result = retrieval.similar(shop[0], top_k=10, now=NOW)
    assert shop[0].product_id not in ids(result)
    assert set(colours(result, 4)) == {"Red"}


def test_variants_of_a_style_share_a_card(shop, colour_encoder):
    dresses = [product for product in shop if product.category == "Dress"]
    keys = [product.pk for product in dresses]
    Product.objects.filter(pk__in=keys).update(item_group_id="style", updated_at=NOW.replace(hour=14))
    reindex(colour_encoder)
    result = ask(text="red dress", filters=Filters(category=("Dress",)), top_k=60)
    assert result.total == 1
    assert len(result.hits[0].variants) >= 4


def test_contenders_hold_the_best_of_each_side(shop):
    upload = Upload(picture("blue"))
    mixed = ask(text="red boots", picture=upload, top_k=4)
    held = {hit.product.product_id for hit in (*mixed.hits, *mixed.rerank_pool)}
    whole = {hit.product.product_id for hit in ask(text="red boots", picture=upload, top_k=60).hits}
    best = ids(ask(text="red boots"))[:4] + ids(ask(picture=upload))[:4]
    assert set(best) <= held | whole


def test_a_search_takes_few_queries(shop, django_assert_max_num_queries):
    ask(text="red dress")
    with django_assert_max_num_queries(4):
        ask(text="red dress", top_k=60)


def test_without_an_index_it_says_which_command_makes_one(db, colour_encoder):
    with pytest.raises(engine.NotReady) as refusal:
        ask(text="red dress")
    assert "reindex" in refusal.value.command


def test_an_index_of_another_model_is_never_compared(shop, colour_encoder):
    colour_encoder.fingerprint = "0" * 64
    with pytest.raises(engine.NotReady) as refusal:
        ask(text="red dress")
    assert "another model" in refusal.value.reason


def test_a_word_that_no_product_has_is_corrected_but_never_replaced(shop):
    result = ask(text="red dres")
    assert result.did_you_mean == "red dress"
    assert result.query.text == "red dres"
    assert ask(text="red dress").did_you_mean == ""
    assert ask(text="red dresser").did_you_mean == "", "the encoder knows that word"


def test_a_suggestion_keeps_the_words_that_became_filters(shop):
    assert ask(text="red dres under 90").did_you_mean == "red dress under 90"
