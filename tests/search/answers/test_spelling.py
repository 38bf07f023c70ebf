"""Misspelt words are corrected and answered, unless the shopper takes that back; unknown words are named."""

import pytest
from django.urls import reverse

from search import engine, retrieval
from search.language.tokens import fold
from search.query import SearchQuery
from search.query_builder import QueryBuilder, spelling
from tests.search.shop import NOW


def ask(**fields):
    return retrieval.search(SearchQuery(**fields), user=None, now=NOW, track=False, log=False)


def ids(result):
    return [hit.product.product_id for hit in result.hits]


@pytest.mark.parametrize("typed", ["geren boots", "greeen boots", "gren boots"])
def test_a_misspelt_word_is_corrected_and_answered(shop, typed):
    result = ask(text=typed)
    assert result.text_corrected == "green boots"
    assert ids(result) == ids(ask(text="green boots"))
    assert result.did_you_mean == ""


def test_the_codes_of_colours_are_read_as_their_words(shop):
    result = ask(text="grn boots")
    assert result.text_corrected == "green boots"
    assert ids(result) == ids(ask(text="green boots"))


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("boost for men", "boots for men"),
        ("boost dress", ""),  # names a garment already
        ("red horse", ""),  # no hose is sold
    ],
)
def test_a_garment_is_suggested_for_a_word_that_the_encoder_alone_knows(shop, text, meant, monkeypatch):
    monkeypatch.setattr(type(engine.ready_encoder()), "knows", lambda _encoder, _word: True)
    result = ask(text=text)
    assert (result.text_corrected, result.did_you_mean) == (None, meant)


def test_nothing_is_suggested_that_was_typed(shop):
    result = ask(text="green boots that don't fall")
    assert result.did_you_mean == ""
    assert "dont" not in result.unknown_words


def test_the_correction_can_be_taken_back(shop):
    result = ask(text="geren boots", ignore=("spelling",))
    assert result.text_corrected is None
    assert result.did_you_mean == "green boots"


@pytest.mark.parametrize(
    "text", ["green boots", "red balaclava", "Fern boots", "grünes Kleid", "vestido rojo", "fashion-1"]
)
def test_known_words_brands_and_other_languages_are_never_corrected(shop, text):
    assert ask(text=text).text_corrected is None


@pytest.mark.parametrize(
    "text",
    ["robe d'été moins de 50 euros", "Kleid zwischen 20 und 50 Euro", "jurk maat M", "sukienka rozmiar M",
     "meno di 50 euro", "onder de 50 euro", "dress under 50 eur", "spotty dress", "manteau d'hiver",
     "robe d'ete"],
)  # fmt: skip
def test_words_that_were_read_are_neither_unknown_nor_misspelt(shop, text):
    result = ask(text=text)
    assert (result.unknown_words, result.did_you_mean) == ((), "")


def test_words_that_nothing_knows_are_named(shop, client):
    assert ask(text="punainen mekko").unknown_words == ("punainen", "mekko")
    assert ask(text="red dress").unknown_words == ()
    page = client.get(reverse("results"), {"text": "punainen mekko"}).content.decode()
    assert "punainen, mekko" in page
    assert "Español" in page


@pytest.mark.parametrize("text", ["anything but red", "want red dress"])
def test_little_english_words_are_no_foreign_things_beside_a_colour(shop, text):
    """ "But" is a Polish shoe and "want" a Dutch glove."""
    assert not [chip for chip in ask(text=text).chips if chip.field == "word"]


def test_emoji_of_things_ask_for_them(shop):
    assert ids(ask(text="🟢 👢")) == ids(ask(text="green boots"))


def test_two_words_written_as_one_are_two(shop):
    assert ids(ask(text="greenboots")) == ids(ask(text="green boots"))
    assert ask(text="greenboots").chips == ask(text="green boots").chips


def test_two_words_written_as_one_are_no_unknown_word(shop):
    assert ask(text="mensboots").unknown_words == ()


def test_a_correction_to_an_everyday_name_of_what_is_sold_is_answered(shop, monkeypatch):
    """No product says "handbag"."""
    nearest = {"handbeg": 0.2, "handbag": 0.6}
    monkeypatch.setattr(spelling, "_nearest", lambda text, _snapshot, *, now: nearest[text])
    result = ask(text="handbeg")
    assert result.text_corrected == "handbag"
    assert set(ids(result)) == set(ids(ask(text="bag")))


def test_a_word_written_as_two_is_one(shop):
    assert ids(ask(text="hand-bag")) == ids(ask(text="handbag"))


def test_the_chip_of_a_kind_has_no_words_that_join_nothing(shop):
    kinds = [chip for text in ("or dress", "dresses by puma or nike") for chip in ask(text=text).chips]
    assert [chip.words for chip in kinds] == ["dress", "dresses"]


def test_a_word_that_is_like_another_is_not_taken_apart(shop):
    prepared = QueryBuilder(SearchQuery(text="bagpack"), engine.snapshot(), user=None, now=NOW).build()
    assert (prepared.words, prepared.did_you_mean) == ("bagpack", "backpack")


@pytest.mark.parametrize("text", ["красное платье", "ドレス", "φουστάνι"])
def test_words_in_letters_that_no_language_file_reads_are_named(shop, text):
    result = ask(text=text)
    assert result.unknown_words == tuple(map(fold, text.split()))
    assert (result.text_corrected, result.did_you_mean) == (None, "")


def test_a_foreign_word_beside_english_ones_is_a_misspelt_english_one(shop):
    """ "Dres" alone is a Polish tracksuit."""
    assert ask(text="geren dres").text_corrected == "green dress"
    assert ask(text="dres").text_corrected is None


def test_the_page_says_what_was_corrected_and_links_back(shop, client):
    page = client.get(reverse("results"), {"text": "geren boots"}).content.decode()
    assert "<em>green boots</em>" in page
    assert "ignore=spelling" in page


def test_an_article_number_answers_with_what_carries_it(shop):
    wanted = shop[7]
    assert ids(ask(text=wanted.product_id)) == [wanted.product_id]


@pytest.mark.parametrize("text", ["zara", "H&M", "calvin klein"])
def test_a_brand_that_nobody_here_carries_has_no_answer_but_looser_matches(shop, text):
    result = ask(text=text)
    assert result.unknown_words == (text,)
    assert result.total == 0
    assert result.close


def test_what_is_asked_for_of_such_a_brand_is_answered_without_it(shop):
    result = ask(text="H&M dress")
    assert result.unknown_words == ("H&M",)
    assert ids(result) == ids(ask(text="dress"))


def test_words_that_nothing_knows_have_looser_matches_alone(shop):
    result = ask(text="qwertzu")
    assert (result.total, bool(result.close)) == (0, True)


def test_a_word_of_fashion_that_the_encoder_does_not_know_is_answered(shop):
    """Everyday names are known though no product and no encoder has them."""
    assert ask(text="frocks").total == ask(text="dress").total


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("grüne Stiefell", "grüne stiefel"), ("bottas verdes", "botas verdes")],
)
def test_a_misspelt_word_of_another_language_is_corrected_and_answered(shop, typed, meant):
    result = ask(text=typed)
    assert result.text_corrected == meant
    assert ids(result) == ids(ask(text=meant)) != []
    assert ask(text=typed, ignore=("spelling",)).text_corrected is None


def test_a_word_that_may_be_a_name_is_asked_about_where_nothing_says_its_language(shop):
    result = ask(text="Steifel")
    assert (result.text_corrected, result.did_you_mean) == (None, "stiefel")
