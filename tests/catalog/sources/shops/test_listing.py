"""Pages that move while they are read, categories, links, and what an error's body says."""

import pytest

from catalog.sources.base import SourceError
from catalog.sources.shops import listing
from catalog.sources.shops.listing import deepest, every_one, path_of, product_link
from catalog.sources.shops.shop_api import LIVE, ShopApi
from tests.catalog.fakes.shops import FakeShop, serving

PAGE = 3


def paged(things, before=None):
    """``before`` maps a position to what happens just before its page is read."""

    def read(position):
        (before or {}).pop(position, lambda: None)()
        return things[position : position + PAGE], len(things)

    return every_one(read, lambda thing: thing)


@pytest.mark.parametrize("count", [0, 1, 3, 4, 9])
def test_every_thing_is_given_once(count):
    assert list(paged(list(range(count)))) == list(range(count))


def test_a_deletion_meanwhile_loses_no_other_thing():
    things = list(range(8))
    assert sorted(paged(things, {2: lambda: things.remove(1)})) == [0, 1, 2, 3, 4, 5, 6, 7]


def test_as_many_additions_as_deletions_hide_none_of_them():
    """The total stays, while what follows the deleted things moves over the edge of a page."""
    things = list(range(12))

    def replace():
        del things[0:4]
        things.extend(range(20, 24))

    assert sorted(paged(things, {4: replace})) == [*range(12), *range(20, 24)]


def test_a_list_that_never_stands_still_is_given_up(monkeypatch):
    monkeypatch.setattr(listing, "MOST_MOVES", 5)
    numbers = iter(range(10_000))
    moving = every_one(lambda _position: ([next(numbers) for _each in range(PAGE)], 9), lambda thing: thing)
    with pytest.raises(SourceError, match="changes faster than it can be read") as caught:
        list(moving)
    assert not caught.value.permanent


def answering(count, wrong):
    """A list whose pages are those of ``wrong``, by position, in the place of the right ones."""
    things = list(range(count))
    return every_one(
        lambda position: (wrong(position, things[position : position + PAGE]), count), lambda thing: thing
    )


@pytest.mark.parametrize(
    "wrong",
    [
        lambda position, page: [] if position >= 4 else page,
        # A cache that knows nothing of positions, or gives a page once more in the place of the last one.
        lambda _position, _page: [0, 1, 2],
        lambda position, page: list(range(position - 2, position + 1)) if position >= 6 else page,
    ],
)
def test_pages_that_do_not_lead_to_the_end_are_no_end(wrong):
    with pytest.raises(SourceError, match="cannot be read to its end") as caught:
        list(answering(9, wrong))
    assert not caught.value.permanent


@pytest.mark.parametrize("page", [[], [2, 3, 4]])
def test_one_wrong_page_is_read_again(page):
    wrong = iter([page])
    read = answering(9, lambda position, right: next(wrong, right) if position == 4 else right)
    assert sorted(read) == list(range(9))


def test_a_last_thing_that_is_counted_and_not_listed_is_no_break():
    assert list(answering(9, lambda position, page: [thing for thing in page if thing != 8])) == [*range(8)]


def test_an_addition_meanwhile_is_given_too():
    things = list(range(5))
    assert list(paged(things, {2: lambda: things.append(9)})) == [0, 1, 2, 3, 4, 9]


def test_a_list_that_becomes_empty_ends():
    things = list(range(8))
    assert list(paged(things, {2: things.clear})) == [0, 1, 2]


def test_a_path_leads_from_the_top_and_ends_where_a_cycle_closes():
    named = {"a": ("Women", None), "b": ("Dresses", "a"), "c": ("Loop", "d"), "d": ("Hole", "c")}
    assert path_of(named, "b") == "Women > Dresses"
    assert path_of(named, "c") == "Hole > Loop"
    assert deepest(["Sale", "Women > Dresses", ""]) == "Women > Dresses"
    assert deepest([]) == ""


def test_a_link_holds_the_products_name_escaped():
    assert product_link("https://fern.example/p/{slug}", slug="a b/c") == "https://fern.example/p/a%20b%2Fc"
    assert product_link("", slug="a") == ""


class Refusing(FakeShop):
    def __init__(self, body):
        super().__init__()
        self.instead = [(400, {}, body)]

    def noted(self, request, body):
        return request.path

    def is_allowed(self, request):
        return True


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        ({"message": "The region secret-key is unknown."}, "Fern answered 400: The region … is unknown."),
        ({"errors": [{"message": "Cannot query field x."}]}, "Fern answered 400: Cannot query field x."),
        ({"errors": {"title": ["wrong"]}}, "Fern answered 400."),
        ([1], "Fern answered 400."),
        ("<html>no</html>", "Fern answered 400."),
    ],
)
def test_a_refusal_says_what_the_shop_said_without_the_key(body, sentence):
    with serving(Refusing(body)) as shop, pytest.raises(SourceError) as caught:
        ShopApi("Fern", secrets=("secret-key",)).request("GET", shop.address, policy=LIVE)
    assert str(caught.value) == sentence
    assert caught.value.permanent
