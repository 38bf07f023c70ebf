"""A signed-in person who has personal results off gets those of the shop, everywhere."""

import pytest
from django.urls import reverse

from accounts.models import Favorite, User
from search import retrieval
from search.query import InvalidQuery, SearchQuery
from tests.search.shop import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def ada(client, shop):
    """Signed in, with favourites, and with personal results off."""
    user = User.objects.create_user("ada@example.org", "correct horse battery", personal_results=False)
    Favorite.objects.bulk_create(Favorite(user=user, product_id=each.product_id) for each in shop[:3])
    client.post(reverse("login"), {"email": user.email, "password": "correct horse battery"})
    return user


def ask(user, **query):
    return retrieval.search(SearchQuery(**query), user=user, now=NOW, track=False)


def test_without_words_there_is_nothing_for_them(ada):
    with pytest.raises(InvalidQuery):
        ask(ada)


def test_favourites_do_not_tint_the_order(ada):
    assert not any("taste" in hit.terms for hit in ask(ada, text="dress").hits)


def test_switched_on_again_they_do(ada):
    ada.personal_results = True
    assert ask(ada).query_type == "for_you"
    assert all("taste" in hit.terms for hit in ask(ada, text="dress").hits)


def test_the_home_page_picks_nothing_for_them(client, ada):
    assert not client.get(reverse("home")).context["is_picked"]


def test_the_api_asks_for_words(client, ada):
    token = client.get("/api/v1/auth/me")["X-CSRFToken"]
    answer = client.post(
        "/api/v1/recommend", {}, content_type="application/json", headers={"X-CSRFToken": token}
    )
    assert answer.status_code == 400
    assert "text" in answer.json()["errors"]
