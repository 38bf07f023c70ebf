import threading
import time
from contextlib import ExitStack, contextmanager, suppress

import pytest

from search import admission
from search.admission import Busy, Fetches, Slots, waiting_for
from tests.search.shop import all_taken


@pytest.fixture(autouse=True)
def short_wait(monkeypatch):
    monkeypatch.setattr(admission, "WAIT_SECONDS", 0.01)


def refused(slots):
    with pytest.raises(Busy), slots.taken():
        pass


def test_whoever_finds_no_slot_in_time_is_busy():
    slots = Slots(2)
    with all_taken(slots):
        refused(slots)


def test_whoever_would_wait_behind_too_many_is_busy_without_waiting(monkeypatch):
    monkeypatch.setattr(admission, "WAIT_SECONDS", 3600.0)
    slots = Slots(1, waiting=0)
    with all_taken(slots):
        refused(slots)


@pytest.mark.parametrize("slots", [Slots(1), Slots(1, waiting=0), Slots(1, waiting=1)])
def test_slots_and_places_are_given_back_after_work_errors_and_refusals(slots):
    for _attempt in range(3):
        with all_taken(slots):
            refused(slots)
        with pytest.raises(ZeroDivisionError), slots.taken():
            _ = 1 / 0
    with slots.taken():
        pass


@pytest.fixture
def hanging():
    """A fetch that hangs until the test is over."""
    is_over = threading.Event()
    yield is_over.wait
    is_over.set()


def test_a_fetch_gives_what_it_fetched_or_raised():
    fetches = Fetches(1, waiting=0)
    assert fetches.within(5, lambda: "picture") == "picture"
    with pytest.raises(ZeroDivisionError):
        fetches.within(5, lambda: 1 / 0)


def test_a_fetch_that_hangs_is_not_waited_for_and_keeps_its_slot(hanging):
    fetches = Fetches(1, waiting=0)
    with pytest.raises(TimeoutError):
        fetches.within(0.01, hanging)
    with pytest.raises(Busy):
        fetches.within(5, lambda: "picture")


def test_the_slot_of_a_late_fetch_comes_free_when_it_ends(hanging, monkeypatch):
    monkeypatch.setattr(admission, "WAIT_SECONDS", 10.0)
    fetches, is_over = Fetches(1, waiting=1), threading.Event()
    with suppress(TimeoutError):
        fetches.within(0.01, is_over.wait)
    is_over.set()
    assert fetches.within(5, lambda: "picture") == "picture"


@pytest.mark.parametrize(
    ("decodings", "threads", "waiting"), [(1, 8, 3), (1, 4, 2), (1, 3, 1), (1, 2, 0), (1, 1, 0), (2, 4, 1)]
)
def test_a_thread_is_left_while_pictures_wait_to_be_decoded(decodings, threads, waiting):
    assert waiting_for(decodings, threads=threads) == waiting


@pytest.fixture
def seconds():
    """What a clock shows, as its one number."""
    return [0.0]


@pytest.fixture
def brief(seconds):
    """Slots for one, whose place one other may wait for briefly."""
    return Slots(1, waiting=0, one_briefly=True, clock=lambda: seconds[0])


@contextmanager
def waited_for(slots):
    """All slots are taken, and come free once another caller waits briefly."""
    taken, is_over = ExitStack(), threading.Event()
    taken.enter_context(all_taken(slots))

    def give_back():
        while not (slots._brief_wait.locked() or is_over.wait(0.001)):
            pass
        taken.close()

    giving = threading.Thread(target=give_back)
    giving.start()
    try:
        yield
    finally:
        is_over.set()
        giving.join()


def take(slots):
    with slots.taken():
        pass


@pytest.mark.timeout(10)
def test_whoever_finds_no_place_gets_one_that_comes_free_soon(brief, monkeypatch):
    monkeypatch.setattr(admission, "BRIEF_SECONDS", 3600.0)
    with waited_for(brief):
        take(brief)


@pytest.mark.timeout(10)
def test_after_a_brief_wait_in_vain_all_are_refused_at_once_for_a_while(brief, seconds, monkeypatch):
    monkeypatch.setattr(admission, "BRIEF_SECONDS", 0.01)
    with all_taken(brief):
        refused(brief)
        monkeypatch.setattr(admission, "BRIEF_SECONDS", 3600.0)
        refused(brief)
    seconds[0] = admission.WAIT_SECONDS
    with waited_for(brief):
        take(brief)


@pytest.mark.timeout(10)
def test_only_one_waits_briefly(brief, monkeypatch):
    monkeypatch.setattr(admission, "BRIEF_SECONDS", 3600.0)
    waiting = threading.Thread(target=take, args=[brief])
    with all_taken(brief):
        waiting.start()
        while not brief._brief_wait.locked():
            time.sleep(0.001)
        refused(brief)
    waiting.join()
