"""The words of a base and its deltas: answers are those of an index built of all products at once."""

import tempfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from search.lexical import building, tombstones
from search.lexical.bm25 import LexicalError, LexicalIndex, load_segment
from search.lexical.documents import LexicalDocument
from search.lexical.files import COUNTS, FOLDER
from search.lexical.segments import removed
from search.lexical.tombstones import Tombstones
from tests.examples import examples

WORDS = ["puma", "nike", "red", "blue", "shoes", "dress", "sneaker", "linen", "socks", "zip"]
QUERIES = [*WORDS, "red puma shoes", "sneaker socks", "blue linen dress", "linnen", "zipp", "AB-1001", "nope"]
words = st.lists(st.sampled_from(WORDS), min_size=1, max_size=6).map(" ".join)
documents = st.builds(
    LexicalDocument,
    title=words,
    brand=st.sampled_from(["", "Puma", "Nike"]),
    category=st.sampled_from(["Dresses", "Shoes"]),
    description=st.one_of(st.just(""), words),
    codes=st.integers(1000, 1009).map(lambda number: (f"AB-{number}",)),
)
parts = st.lists(st.lists(documents, min_size=1, max_size=8), min_size=1, max_size=4)


def built(documents_, folder):
    building.build(documents_, folder)
    return load_segment(folder, mapped=False)


@given(parts=parts, choice=st.randoms(use_true_random=False))
@settings(max_examples=examples(60), deadline=None)
def test_base_and_deltas_answer_as_one_build_of_what_is_left(parts, choice):
    live = [[document for document in part if choice.random() < 0.7] for part in parts]
    live[-1] = parts[-1]
    with tempfile.TemporaryDirectory() as name:
        segments = [built(part, Path(name, str(number))) for number, part in enumerate(parts)]
        gone = [
            np.array(
                [row for row, each in enumerate(part) if not any(each is kept for kept in left)], np.int64
            )
            for part, left in zip(parts, live, strict=True)
        ]
        left = [removed(Path(name, str(number)), rows) for number, rows in enumerate(gone)]
        index = LexicalIndex.of_segments(segments, left)
        building.build([document for part in live for document in part], Path(name, "fresh"))
        fresh = LexicalIndex.load(Path(name, "fresh"))
    rows = np.concatenate(
        [
            np.setdiff1d(np.arange(len(part)), dead) + sum(map(len, parts[:number]))
            for number, (part, dead) in enumerate(zip(parts, gone, strict=True))
        ]
    )
    for query in QUERIES:
        found, scores = index.scores(query)
        expected, expected_scores = fresh.scores(query)
        assert found.tolist() == rows[expected].tolist(), query
        np.testing.assert_allclose(scores, expected_scores, atol=1e-6)
        assert index.rows_with(query).tolist() == rows[fresh.rows_with(query)].tolist()
        assert index.article_rows(query).tolist() == rows[fresh.article_rows(query)].tolist()
        assert (index.count(query), index.written(query)) == (fresh.count(query), fresh.written(query))
        assert index.did_you_mean(query) == fresh.did_you_mean(query)


def test_tombstones_survive_the_disk(tmp_path):
    kept = {
        "base": Tombstones(np.array([1, 4]), {3: 2, 7: 1}, {"größe": 2}),
        "delta": Tombstones(),
    }
    for name, content in tombstones.saved(kept).items():
        (tmp_path / name).write_bytes(content)
    read = tombstones.load(tmp_path)
    assert read["base"].rows.tolist() == [1, 4]
    assert (read["base"].tokens, read["base"].words) == ({3: 2, 7: 1}, {"größe": 2})
    assert (len(read["delta"].rows), read["delta"].tokens) == (0, {})


def test_a_version_without_tombstones_has_none(tmp_path):
    assert tombstones.load(tmp_path) == {}


def test_a_segment_without_its_counts_says_so(tmp_path):
    built([LexicalDocument("Puma")], tmp_path)
    (tmp_path / FOLDER / COUNTS).unlink()
    with pytest.raises(LexicalError, match="cannot be read"):
        load_segment(tmp_path, mapped=False)
