"""What staff keep for a search also holds for the same words in other forms of their language."""

from datetime import UTC, datetime, timedelta

import pytest

from search.models import CuratedPlacement, RankingRule, Redirect
from search.ranking import curation
from search.ranking.curation import form_key
from search.ranking.redirects import TimedRedirect, target
from tests.factories import ProductFactory

NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)

FORMS = [
    ("rotes Kleid", "rote Kleider"),
    ("schwarzer Rock", "schwarze Röcke"),
    ("Damenkleid", "Damenkleider"),
    ("robe rouge", "robes rouges"),
    ("abito rosso", "abiti rossi"),
    ("czerwona sukienka", "czerwone sukienki"),
    ("rode jurk", "rode jurken"),
    ("kırmızı elbise", "kırmızı elbiseler"),
]


@pytest.mark.parametrize(("one", "other"), [*FORMS, *(pair[::-1] for pair in FORMS)])
@pytest.mark.django_db
def test_a_pin_holds_for_other_forms_of_its_words(one, other):
    product = ProductFactory()
    CuratedPlacement.objects.create(query=one, product=product)
    staff = curation.current()
    assert staff.placements(staff.words_of(other, "", NOW), NOW).pins == ((product.pk, 1),)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        # Other things, other languages, and names of one thing are searches of their own.
        ("rotes Kleid", "roter Rock"),
        ("rotes Kleid", "red dress"),
        ("Schal", "Halstuch"),
        ("Kleid ohne Ärmel", "Kleid mit Ärmel"),
        ("red dress", "red dresser"),
    ],
)
def test_other_words_are_another_search(one, other):
    assert form_key(one) != form_key(other)


@pytest.mark.django_db
def test_what_is_kept_for_the_very_words_goes_before_what_is_for_another_form():
    first, second = ProductFactory(), ProductFactory()
    CuratedPlacement.objects.create(query="rotes Kleid", product=first)
    CuratedPlacement.objects.create(query="rote Kleider", product=second, ends_at=NOW + timedelta(days=1))
    staff = curation.current()
    assert staff.words_of("Rote Kleider", "", NOW) == "Rote Kleider"
    # Its time over, the other form is answered with.
    assert staff.words_of("rote Kleider", "", NOW + timedelta(days=2)) == "rotes Kleid"


@pytest.mark.django_db
def test_what_is_kept_for_a_form_of_the_words_as_typed_goes_before_what_is_for_corrected_ones():
    RankingRule.objects.create(name="Kleider", query="rote Kleider", field="on_sale")
    Redirect.objects.create(query="rote Kleidung", path="/sale")
    staff = curation.current()
    assert staff.words_of("rotes Kleid", "rote Kleidung", NOW) == "rote Kleider"
    assert staff.words_of("rotess Kleid", "rotes Kleid", NOW) == "rote Kleider"
    assert staff.words_of("blaues Hemd", "blaue Hemden", NOW) == "blaue Hemden"


@pytest.mark.django_db
def test_every_entry_of_staff_holds_for_other_forms(client, shop):
    RankingRule.objects.create(name="Up", query="rote Kleider", field="brand", value="Fern")
    hit = client.post("/api/v1/text-search", {"text": "rotes Kleid"}, "application/json").json()["results"][0]
    assert "Boosted by staff: Up" in hit["notes"]
    Redirect.objects.create(query="blaue Kleider", path="/sale")
    assert client.get("/results", {"text": "blaues Kleid"})["Location"] == "/sale"


@pytest.mark.django_db
def test_a_redirect_to_another_form_of_its_words_is_followed_once(client, shop):
    Redirect.objects.create(query="rote Kleider", path="/results?text=rotes+Kleid")
    assert client.get("/results", {"text": "rote Kleider"})["Location"] == "/results?text=rotes+Kleid"
    assert client.get("/results", {"text": "rotes Kleid"}).status_code == 200


@pytest.mark.django_db
def test_redirects_do_not_go_round_in_circles_by_other_forms(client, shop):
    Redirect.objects.create(query="rotes Kleid", path="/results?text=rote+Röcke")
    Redirect.objects.create(query="roter Rock", path="/results?text=rote+Kleider")
    for words in ("rotes Kleid", "rote Kleider", "roter Rock", "rote Röcke"):
        assert client.get("/results", {"text": words}).status_code == 200


def test_a_redirect_to_its_own_words_leads_nowhere():
    redirects = {"dress red": TimedRedirect("/results?text=dresses+red")}
    assert target(redirects, "red dress", NOW) == ""
