"""An engine that does not answer: searches are refused for a while, and served again without a restart."""

import builtins

import pytest

from search import engine
from search.index import store as stores
from search.index.engines.choice import ENGINES
from search.index.engines.milvus.connection import server_version
from search.index.engines.not_ready import NotReady
from search.index.store import IndexMissing
from tests.search.index.published import fresh, publish
from tests.search.shop import reindex

ABSENT = NotReady("The search's vectors lie in Milvus, which does not answer.", "manage.py doctor")


@pytest.fixture
def unreachable(monkeypatch):
    """A switch: with it on, no base can be opened."""
    switch, opened = {"on": True}, ENGINES["local"].open

    def open_base(*args, **options):
        if switch["on"]:
            raise ABSENT
        return opened(*args, **options)

    monkeypatch.setattr(ENGINES["local"], "open", open_base)
    return switch


@pytest.fixture
def clock(monkeypatch):
    """The clock of the store, in seconds."""
    now = [0.0]
    monkeypatch.setattr(stores.time, "monotonic", lambda: now[0])
    return now


def test_a_process_that_starts_meanwhile_serves_once_the_engine_answers(
    store, monkeypatch, unreachable, clock
):
    unreachable["on"] = False
    publish(store, 1)
    unreachable["on"] = True
    reader = fresh(store)
    with pytest.raises(IndexMissing, match="does not answer"):
        reader.current()
    unreachable["on"] = False
    with pytest.raises(IndexMissing):
        reader.current()
    clock[0] += stores.ENGINE_RETRY_SECONDS
    assert reader.current().manifest.version == store.pointed()
    assert reader.problem is None


def test_an_older_version_never_answers_in_place_of_one_that_is_only_out_of_reach(store, unreachable):
    unreachable["on"] = False
    publish(store, 1)
    publish(store, 2)
    unreachable["on"] = True
    with pytest.raises(IndexMissing):
        fresh(store).current()


def test_a_version_published_meanwhile_is_taken_once_the_engine_answers(store, unreachable, clock):
    unreachable["on"] = False
    first = publish(store, 1)
    reader = fresh(store)
    assert reader.current().manifest.version == first
    second = publish(store, 2)
    unreachable["on"] = True
    clock[0] += stores.CHECK_SECONDS
    assert reader.current().manifest.version == first
    assert "doctor" in reader.problem
    unreachable["on"] = False
    clock[0] += stores.CHECK_SECONDS
    assert reader.current().manifest.version == second
    assert reader.problem is None


@pytest.fixture
def silent(shop, monkeypatch):
    """A shop whose engine stopped answering after its index was opened."""

    def fail(*args, **options):
        raise ABSENT

    current = engine.snapshot().index
    for name in ("scan", "nearest", "ping"):
        monkeypatch.setattr(current, name, fail)


def test_searches_are_refused_for_a_while(client, silent):
    answer = client.post("/api/v1/recommend", {"text": "red dress"}, content_type="application/json")
    assert answer.status_code == 503
    assert answer.json()["code"] == "not_ready"
    assert int(answer["Retry-After"]) > 0


def test_the_process_lives_but_is_not_ready(client, silent):
    assert client.get("/healthz").status_code == 200
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert "Milvus" in answer.json()["checks"]["index"]


@pytest.mark.django_db
def test_another_engine_needs_another_base(shop, colour_encoder, settings, monkeypatch):
    assert reindex(colour_encoder).version is None
    settings.SEARCH_ENGINE = "milvus"
    built = []
    monkeypatch.setattr(
        ENGINES["milvus"], "build", lambda *args, **options: built.append(options) or _refuse()
    )
    with pytest.raises(NotReady):
        reindex(colour_encoder)
    assert [each["fingerprint"] for each in built] == [colour_encoder.fingerprint]
    # What was there goes on answering.
    assert len(engine.snapshot().index) == len(shop)


def _refuse(*args, **options):
    raise ABSENT


def test_without_its_client_it_says_what_to_install(monkeypatch):
    imported = builtins.__import__

    def without_pymilvus(name, *args):
        if name.partition(".")[0] == "pymilvus":
            raise ImportError(name)
        return imported(name, *args)

    monkeypatch.setattr(builtins, "__import__", without_pymilvus)
    with pytest.raises(NotReady) as refusal:
        server_version()
    assert refusal.value.command == "pip install -r requirements-milvus.txt"
