"""A request in a whole sentence asks for what it names: the words around that are left out."""

import pytest

from search.language.parser import Vocabulary, parse_query
from search.language.translation import Translator
from search.language.wording.requests import without_request
from search.query import Filters
from tests.search.language.parsing import parse

ENGLISH_SHOP = Translator(lambda word: {"dress": 40, "shoes": 80, "gift": 3, "red": 60}.get(word, 0))
VOCABULARY = Vocabulary.of(category=("Dresses", "Casual Shoes"), colour=("Red",), gender=("Men", "Women"))


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("do you have any brown boots?", "brown boots"),
        ("Where can I find socks", "socks"),
        ("how much is a wallet", "wallet"),
        ("show me all handbags you have", "handbags"),
        ("Hi, I'm looking for a nice watch please", "nice watch"),
        ("hello! i\u2019d like some jeans, thanks!", "jeans"),
        ("brown boots please", "brown boots"),
        ("Can I see your red ties?", "red ties"),
        ("what do you have in blue jeans", "blue jeans"),
        ("do you happen to have the umbrellas if you have any", "umbrellas"),
        ("excuse me, could you help me find a belt?", "belt"),
        ("hi, boots", "boots"),
        ("j'ai besoin d'une robe rouge", "robe rouge"),
        ("à la recherche d\u2019une robe", "robe"),
        ("haben Sie Sneaker?", "Sneaker"),
        ("boots\tplease", "boots"),
        ("show me le coq sportif shoes", "le coq sportif shoes"),
        ("show me o'neill shorts", "o'neill shorts"),
        ("do you have los angeles hoodies", "los angeles hoodies"),
        ("looking for l'or jewellery", "l'or jewellery"),
        ("show me a-line dresses", "a-line dresses"),
        ("are there no show socks", "no show socks"),
        ("do you have no-show socks?", "no-show socks"),
        ("are there no socks", "socks"),
        ("isn't there a red dress", "red dress"),
        ("aren\u2019t there any boots", "boots"),
        ("why no red shoes?", "red shoes"),
        ("I can't find black boots", "black boots"),
        ("what's the best coat", "best coat"),
    ],
)
def test_what_only_asks_is_left_out(text, left):
    assert without_request(text) == left


@pytest.mark.parametrize(
    "text",
    [
        *("do you have any?", "a dress", "needle case", "brown boots?", "shoes to buy", "", "hi", "hi-top"),
        *("hi top sneakers", "hey dude shoes", "hay cushion", "oi polloi jacket", "salve dress"),
    ],
)
def test_other_words_stay(text):
    assert without_request(text) == text


def test_taken_literally_a_request_stays():
    assert parse("i want a dress", ignore=("all",)).text == "i want a dress"


@pytest.mark.parametrize(
    "text",
    [
        "Haben Sie rote Schuhe?",
        "ich suche rote Schuhe",
        "¿tienen zapatos rojos?",
        "je cherche des chaussures rouges",
        "avez-vous des chaussures rouges",
        "avete scarpe rosse?",
        "hebben jullie rode schoenen",
        "szukam czerwonych butów",
        "vocês têm sapatos vermelhos?",
        "kırmızı ayakkabı arıyorum",
        "Kann ich mal rote Schuhe sehen?",
        "Wo finde ich die roten Schuhe",
        "est-ce que vous avez des chaussures rouges ?",
        "puis-je voir les chaussures rouges",
        "¿me puede mostrar unos zapatos rojos, por favor?",
        "dónde encuentro zapatos rojos",
        "posso vedere le scarpe rosse",
        "quanto costano le scarpe rosse?",
        "mag ik de rode schoenen zien",
        "gdzie znajdę czerwone buty",
        "onde encontro sapatos vermelhos",
        "kırmızı ayakkabı var mı?",
    ],
)
def test_other_languages_ask_as_well(text):
    parsed = parse_query(text, VOCABULARY, translator=ENGLISH_SHOP)
    assert parsed.text.strip("? ") in ("red shoes", "of red shoes")
    assert parsed.filters.colour == ("Red",)


def test_a_colour_in_a_long_sentence_describes_the_garment():
    text = "hi, i am searching for a comfortable pair of black shoes that i can wear to the office every day"
    assert parse(text).filters.colour == ("Black",)


@pytest.mark.parametrize(
    ("text", "gender"),
    [
        ("a watch for my husband", "Men"),
        ("birthday present for my girlfriend", "Women"),
        ("dress for the mother of the bride", "Women"),
        ("shirt for your little brother", "Men"),
    ],
)
def test_relatives_and_friends_are_recipients(text, gender):
    assert parse(text).filters.gender == (gender, "Unisex")


@pytest.mark.parametrize("text", ["big sister tee", "father christmas hat", "bride dress"])
def test_relatives_that_are_no_recipients_state_no_gender(text):
    assert parse(text).filters == Filters()


@pytest.mark.parametrize(
    "text",
    [
        "Geschenk für meine Mutter",
        "regalo para mi madre",
        "cadeau pour ma mère",
        "regalo per mia madre",
        "cadeau voor mijn moeder",
        "prezent dla mamy",
        "presente para minha mãe",
        "anneme hediye",
    ],
)
def test_relatives_are_recipients_in_every_language(text):
    assert parse_query(text, VOCABULARY, translator=ENGLISH_SHOP).filters.gender == ("Women",)


@pytest.mark.parametrize(
    "text",
    [
        "why are there no red dresses?",
        "do you have no red dresses?",
        "don't you have any red dresses",
        "Haben Sie keine roten Kleider?",
        "Warum gibt es keine roten Kleider?",
        "vous n'avez pas de robes rouges ?",
        "¿no tienen vestidos rojos?",
        "non avete vestiti rossi?",
        "heeft u geen rode jurken?",
        "não têm vestidos vermelhos?",
        "nie macie czerwonych sukienek?",
    ],
)
def test_a_question_for_what_seems_to_be_missing_asks_for_it(text):
    parsed = parse(text, translator=ENGLISH_SHOP)
    assert (parsed.filters.colour, parsed.excluded.colour) == (("Red",), ())


@pytest.mark.parametrize("text", ["no red dresses", "ich suche keine roten Kleider"])
def test_what_is_said_to_be_unwanted_stays_excluded(text):
    assert parse(text, translator=ENGLISH_SHOP).excluded.colour == ("Red",)
