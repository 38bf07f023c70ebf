"""No text of 500 characters keeps the parser busy."""

import sys
import time
from itertools import count

import pytest
from hypothesis import given, settings, target
from hypothesis import strategies as st

from search.language.parser import Vocabulary, parse_query
from search.language.translation import Translator
from search.query import MAX_TEXT

VOCABULARY = Vocabulary.of(
    category=("Dresses", "Shirts"),
    colour=("Red", "Blue", "Navy Blue"),
    gender=("Men", "Women"),
    size=("S", "39-42"),
)
PIECES = [
    "\ufdfa",
    "ohne ",
    "rot ",
    "a&",
    "-a ",
    "<50 ",
    "unter 5 ",
    "vestido ",
    "de ",
    "d'",
    "a.b",
    "ドレ",
    "robe ",
    "thx ",
    "do you have ",
    "hallo, ",
    "xl, ",
    "40/",
    "size s or ",
    "w32 ",
]
# The slowest text of 500 characters found takes 500,000; comparing each word with all before it, millions.
MAX_CALLS = 1_000_000
# Calls do not count what a pattern does. One that tries every way to match takes minutes, on any machine.
MAX_SECONDS = 10


def work(text):
    """(calls and returns of functions, seconds of this thread) that reading ``text`` takes."""
    events = count()
    started = time.thread_time()
    sys.setprofile(lambda _frame, _event, _argument: next(events))
    try:
        parse_query(text, VOCABULARY, translator=Translator(lambda _word: 0), is_name=lambda _a, _b: False)
    finally:
        sys.setprofile(None)
    return next(events), time.thread_time() - started


@pytest.mark.fuzz
@settings(max_examples=1000)
@given(
    st.lists(st.one_of(st.sampled_from(PIECES), st.text(max_size=8)), min_size=1, max_size=6),
    st.integers(1, MAX_TEXT),
)
def test_no_text_takes_more_than_a_million_calls(pieces, times):
    calls, seconds = work(("".join(pieces) * times)[:MAX_TEXT])
    target(calls)
    assert calls < MAX_CALLS
    assert seconds < MAX_SECONDS
