"""What staff pinned stands at its place in every draw of an experiment."""

from search.models import CuratedPlacement
from tests.search.experiments.test_drawn_answers import VARIED, ids, result_of, shoppers


def test_a_pin_of_both_rankings_keeps_its_place_in_every_draw_and_is_of_no_team(client, shop, experiment):
    pinned = next(product for product in shop if product.category == "Bag")
    CuratedPlacement.objects.create(query="dress", product=pinned, kind="pin", position=5)
    before = result_of(client)
    experiment(**VARIED)
    draws = [result_of(client, headers) for headers in shoppers(12)]
    assert len({tuple(ids(drawn)) for drawn in draws}) > 1
    for drawn in draws:
        assert drawn.hits[4].product.pk == pinned.pk
        placed = [key for keys in drawn.teams.values() for key in keys]
        assert pinned.pk not in placed
        # Without the pin everything from the first difference on is of a team.
        assert len(placed) == len(set(placed)) < before.total
