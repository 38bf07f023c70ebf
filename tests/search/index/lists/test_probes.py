"""Which lists are looked through: under a narrow filter, under a wide one, and for a rough answer."""

import numpy as np
import pytest

from search.index.lists import probes, tuning
from search.index.product_index import ProductIndex, with_manifest
from search.index.segments.segmented_index import SegmentedIndex
from tests.search.index.clusters import clustered, index_of

QUERY = clustered(1, seed=6)[0]
TENTH = np.random.default_rng(18).random(30_000) < 0.1


@pytest.fixture
def few_are_exact(monkeypatch):
    monkeypatch.setattr("search.index.product_index.EXACT_ROWS", 100)


def of_lists(index, allowed):
    """The allowed rows of the lists to look through."""
    lists, _distances = index._probes.lists(QUERY, index.manifest, allowed, int(allowed.sum()))
    return np.flatnonzero(allowed & np.isin(index._lists, lists))


def test_rows_of_near_lists_are_those_of_the_lists_to_look_through(inverted):
    rows = inverted._probes.rows(QUERY, inverted.manifest, np.flatnonzero(TENTH))
    assert rows.tolist() == of_lists(inverted, TENTH).tolist()
    assert 0 < len(rows) < TENTH.sum()


@pytest.mark.usefixtures("few_are_exact")
def test_under_a_narrow_filter_vectors_are_compared_and_give_what_faiss_finds(inverted, monkeypatch):
    def found():
        above = inverted.above(QUERY, floor=0.3, allowed=TENTH)
        return inverted.nearest(QUERY, 40, allowed=TENTH), tuple(each[np.argsort(above[0])] for each in above)

    by_vectors = found()
    monkeypatch.setattr("search.index.product_index.NARROW_SHARE", 0.0)
    for one, other in zip(by_vectors, found(), strict=True):
        assert one[0].tolist() == other[0].tolist()
        assert one[1] == pytest.approx(other[1], abs=1e-6)


@pytest.mark.usefixtures("few_are_exact")
def test_more_are_wanted_than_the_near_lists_hold(inverted):
    count = len(of_lists(inverted, TENTH))
    assert len(inverted.nearest(QUERY, count + 5, allowed=TENTH)[0]) == count


@pytest.mark.parametrize("share", [0.4, 0.6])
def test_scattered_rows_are_estimated_and_no_list_is_left_out(inverted, monkeypatch, share):
    allowed = np.random.default_rng(19).random(30_000) < share
    count = int(allowed.sum())
    exact, is_exact = inverted._probes._allowed_in_each(allowed, count)
    monkeypatch.setattr(probes, "COUNTED_ROWS", 1000)
    estimated, is_estimated = inverted._probes._allowed_in_each(allowed, count)
    assert (is_exact, is_estimated) == (True, False)
    assert (exact.sum(), estimated.sum()) == (count, pytest.approx(count, rel=0.05))
    # A list seems empty where none of its rows was counted.
    monkeypatch.setattr(inverted._probes, "_allowed_in_each", lambda *_asked: (estimated * 0, False))
    assert len(inverted._probes.lists(QUERY, inverted.manifest, allowed, count)[0]) == len(estimated)


def test_runs_of_rows_are_counted_exactly(inverted, monkeypatch):
    monkeypatch.setattr(probes, "COUNTED_ROWS", 1000)
    allowed = np.arange(30_000) // 5000 % 2 == 0
    counts, is_exact = inverted._probes._allowed_in_each(allowed, int(allowed.sum()))
    assert is_exact
    assert counts.tolist() == np.bincount(inverted._lists[allowed], minlength=len(counts)).tolist()


def test_a_rough_answer_looks_through_fewer_lists_and_finds_nearly_as_much(inverted):
    manifest, rough = inverted.manifest, inverted.rough.manifest
    assert 0 < rough.nprobe < manifest.nprobe
    assert rough.filtered_share <= manifest.filtered_share
    sample = tuning.sampled(clustered(200, seed=7), inverted.vectors)
    truth = tuning.exact_answers(inverted.vectors, sample, None)
    assert tuning.recall_at(truth, tuning._answers(inverted.rough, sample, None)) >= 0.95


def test_what_an_earlier_release_built_has_no_rough_answer(inverted):
    before = with_manifest(inverted, rough_nprobe=0, rough_filtered_share=0.0)
    assert before.rough is before


def test_a_rough_answer_over_segments_is_that_of_each(inverted):
    delta = index_of(clustered(50, seed=20))
    index = SegmentedIndex({"base": inverted, "delta": delta}, {}, inverted.manifest)
    rough = index.rough
    assert rough.segments["base"].manifest.nprobe == inverted.manifest.rough_nprobe
    assert rough.segments["delta"] is delta
    assert index.segments["base"] is inverted
    assert len(rough.nearest(QUERY, 20)[0]) == 20


@pytest.mark.parametrize(("enough", "found"), [(5, 5), (7, 7), (1, 1), (99, 16)])
def test_the_least_share_is_found_by_doubling_and_then_by_halving_the_step(enough, found):
    def measured(share):
        return share, 1.0 if 16 * share >= enough else 0.5

    assert tuning._least(measured, 1 / 16, 0.99)[0] == pytest.approx(found / 16, abs=1 / 64)


def test_an_index_that_is_exact_has_nothing_to_be_rough_about():
    index: ProductIndex = index_of(clustered(50))
    assert index.rough is index
