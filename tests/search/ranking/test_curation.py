"""What staff say about answers holds, shows why, and shows soon."""

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.db import IntegrityError

from search.language.tokens import phrase_key
from search.lexical import building as lexical
from search.lexical.bm25 import LexicalIndex
from search.lexical.documents import LexicalDocument
from search.models import Curated, CuratedPlacement, LookRule, RankingRule, Redirect, Synonym
from search.ranking import curation
from search.ranking import score as ranking
from search.ranking.curation import NOTHING_PLACED, Curation, Placements
from tests.factories import ProductFactory

NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)
DAY = timedelta(days=1)

pytestmark = pytest.mark.django_db


def place(query, product, **changes):
    return CuratedPlacement.objects.create(query=query, product=product, **changes)


@pytest.mark.parametrize("asked", ["red dress", "Red Dresses", "dress, red", "a red dress"])
def test_a_placement_holds_for_every_way_to_ask_the_same(asked):
    product = ProductFactory()
    place("red dresses", product)
    assert curation.current().placements(asked, NOW).pins == ((product.pk, 1),)


@pytest.mark.parametrize("asked", ["red shoes", "dress", "", "red dress long"])
def test_a_placement_holds_for_no_other_search(asked):
    place("red dress", ProductFactory())
    assert curation.current().placements(asked, NOW) == NOTHING_PLACED


@pytest.mark.parametrize(
    ("window", "holds"),
    [
        ({}, True),
        ({"starts_at": NOW}, True),
        ({"starts_at": NOW + DAY}, False),
        ({"ends_at": NOW}, False),
        ({"starts_at": NOW - DAY, "ends_at": NOW + DAY}, True),
    ],
)
def test_a_placement_holds_only_in_its_time(window, holds):
    place("dress", ProductFactory(), **window)
    assert (curation.current().placements("dress", NOW) != NOTHING_PLACED) == holds


def test_pins_stand_first_in_their_order_and_buried_products_last():
    products = ProductFactory.create_batch(4)
    place("dress", products[3], position=1)
    place("dress", products[2], position=2)
    place("dress", products[0], kind="bury")
    keys = np.array([product.pk for product in products])
    ranked = ranking.rank(
        weight=0.0,
        text=np.array([0.9, 0.8, 0.1, 0.0], np.float32),
        curated=curation.bonuses(keys, curation.current().placements("dress", NOW)),
        in_stock=np.ones(4, bool),
        age_days=np.zeros(4),
        weights=ranking.Weights(),
    )
    assert ranking.order(ranked.score, keys).tolist() == [3, 2, 1, 0]
    assert np.clip(ranked.score, 0, 1).tolist() == pytest.approx([0.0, 0.8, 1.0, 1.0], abs=1e-3)
    assert ranked.terms["curated"][1] == 0


def test_nothing_is_added_without_placements():
    assert curation.bonuses(np.array([1, 2]), NOTHING_PLACED) is None


def test_a_change_shows_at_once_and_costs_no_query_until_then(django_assert_num_queries):
    product = ProductFactory()
    curation.current()
    with django_assert_num_queries(0):
        assert curation.current().placements("dress", NOW) == NOTHING_PLACED
    placement = place("dress", product)
    assert curation.current().placements("dress", NOW).pins
    placement.delete()
    assert curation.current().placements("dress", NOW) == NOTHING_PLACED


def test_a_change_shows_once_it_is_committed_whoever_read_the_rows_before(django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        place("dress", ProductFactory())
        # As another process does that cannot see the row yet: it gives the rows that it read a new stamp.
        stale = cache.get(Curated.CACHE_KEY) or "of another process"
        cache.set(Curated.CACHE_KEY, stale)
    assert cache.get(Curated.CACHE_KEY) is None


def test_a_stamp_of_another_process_is_taken_over(django_assert_num_queries):
    curation.current()
    cache.set(Curated.CACHE_KEY, "of another process")
    with django_assert_num_queries(4):
        curation.current()
    with django_assert_num_queries(0):
        curation.current()
    assert cache.get(Curated.CACHE_KEY) == "of another process"


def test_it_takes_one_query_for_each_of_its_tables(django_assert_num_queries):
    cache.delete(Curated.CACHE_KEY)
    with django_assert_num_queries(4):
        curation.current()


def test_a_product_is_placed_once_per_search():
    product = ProductFactory()
    place("red dress", product)
    with pytest.raises(IntegrityError):
        place("dresses red", product, kind="bury")


def test_a_placement_must_begin_before_it_ends():
    with pytest.raises(IntegrityError):
        place("dress", ProductFactory(), starts_at=NOW, ends_at=NOW - DAY)


@pytest.mark.parametrize(
    "row",
    [CuratedPlacement(query="!?"), Synonym(term="...", alternatives="shirt")],
    ids=["placement", "synonym"],
)
def test_it_refuses_a_search_without_words(row):
    with pytest.raises(ValidationError, match="at least one word"):
        row.clean()


@pytest.mark.parametrize(
    "row",
    [
        CuratedPlacement(query="dress"),
        Redirect(query="dress", path="/"),
        RankingRule(name="sale", field="on_sale"),
        LookRule(kind="forbid", complement_category="Ties"),
    ],
    ids=["placement", "redirect", "rule", "look"],
)
def test_what_ends_before_it_starts_is_refused_in_words(row):
    row.starts_at, row.ends_at = NOW, NOW - DAY
    with pytest.raises(ValidationError) as refused:
        row.clean()
    assert refused.value.message_dict == {"ends_at": ["Give an end after the start."]}


def test_a_synonym_without_another_name_is_refused():
    with pytest.raises(ValidationError) as refused:
        Synonym(term="kaftan", alternatives=" , !").clean()
    assert "alternatives" in refused.value.message_dict


def test_a_synonym_is_found_in_all_its_forms():
    Synonym.objects.create(term="Kaftans", alternatives="kurta, long tunic ,")
    assert curation.current().synonyms_in("blue kaftan") == {"kaftan": ("kurta", "long tunic")}
    assert curation.current().synonyms_in("blue kurta") == {}


def test_a_synonym_may_have_many_words():
    Synonym.objects.create(term="shoes that go with everything", alternatives="sneakers")
    found = curation.current().synonyms_in("white shoes that go with everything")
    assert found == {phrase_key("shoes that go with everything"): ("sneakers",)}


def test_a_two_way_synonym_is_found_from_both_sides():
    Synonym.objects.create(term="kaftan", alternatives="kurta", two_way=True)
    assert curation.current().synonyms_in("kurtas") == {"kurta": ("kaftan",)}


def test_staff_replace_a_usual_name():
    assert "sports shoes" in curation.current().synonyms["sneaker"]
    Synonym.objects.create(term="sneakers", alternatives="canvas shoes")
    assert curation.current().synonyms["sneaker"] == ("canvas shoes",)


def test_cards_say_what_was_done_to_them(tmp_path):
    documents = [LexicalDocument("Blue Kurta"), LexicalDocument("Blue Kaftan"), LexicalDocument("Blue Shirt")]
    lexical.build(documents, tmp_path)
    said = curation.notes(
        np.array([70, 71, 72]),
        np.array([0, 1, 2]),
        "blue kaftan",
        placements=Placements(pins=((72, 3),), buried=(71,)),
        curation=Curation(synonyms={"kaftan": ("kurta",)}),
        lexical=LexicalIndex.load(tmp_path),
    )
    assert said == {
        70: ("Also called kurta",),
        71: ("Set back for this search",),
        72: ("Chosen for this search",),
    }


@pytest.mark.parametrize("text", ["hand bag", "handbag", "red handbags", "hand hand bag"])
def test_a_phrase_is_relevant_however_its_words_are_parted_and_repeated(text):
    held = Curation(synonyms={"handbag": ("purse",), "boot": ("shoe",)})
    assert held.relevant_synonyms(text) == {"handbag": ("purse",)}


def test_a_phrase_is_not_made_of_the_end_of_a_query_and_its_beginning():
    held = Curation(synonyms={"gred": ("purse",)})
    assert held.relevant_synonyms("red bag") == {}
