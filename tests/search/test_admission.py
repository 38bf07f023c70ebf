import pytest

from search import admission
from search.admission import Busy, Slots
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
