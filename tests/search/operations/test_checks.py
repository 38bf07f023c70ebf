"""Readiness: why this process cannot answer searches, and how to fix it."""

import pytest

from search import engine
from search.encoding.errors import EncoderError
from search.index.reindex import reindex
from search.index.store import IndexStore
from search.operations import readiness as checks
from tests.factories import NOW, ProductFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def store(tmp_path, tiny_encoder, monkeypatch):
    store = IndexStore(tmp_path / "index")
    monkeypatch.setattr(engine, "encoder", lambda: tiny_encoder)
    monkeypatch.setattr(engine, "store", lambda: store)
    monkeypatch.setattr(checks, "_failure", None)
    return store


def test_without_an_index_it_names_the_command(store):
    assert checks.readiness() == {
        "encoder": None,
        "index": "There is no index yet. Run `manage.py reindex`.",
    }


def test_with_an_index_of_the_configured_model_it_is_ready(store, tiny_encoder):
    ProductFactory()
    reindex(encoder=tiny_encoder, store=store, now=NOW)
    assert checks.readiness() == {"encoder": None, "index": None}
    assert checks.notices() == {}


def test_an_index_of_another_model_is_not_ready(store, other_encoder):
    ProductFactory()
    reindex(encoder=other_encoder, store=store, now=NOW)
    assert "Run `manage.py reindex`" in checks.readiness()["index"]


def test_a_damaged_version_is_a_notice_while_the_one_before_answers(store, tiny_encoder):
    ProductFactory()
    reindex(encoder=tiny_encoder, store=store, now=NOW)
    bad = reindex(encoder=tiny_encoder, store=store, now=NOW, force=True).version
    (store.root / "versions" / bad / "keys.npy").write_bytes(b"")
    store.expire()
    assert checks.readiness()["index"] is None
    assert bad in checks.notices()["index"]


def test_a_search_without_any_whole_version_names_the_command_that_builds_one(store, tiny_encoder):
    ProductFactory()
    bad = reindex(encoder=tiny_encoder, store=store, now=NOW).version
    (store.root / "versions" / bad / "keys.npy").write_bytes(b"")
    with pytest.raises(engine.NotReady, match="no other version is whole") as missing:
        engine.index()
    assert missing.value.command == "manage.py reindex --force"


def test_a_model_that_cannot_be_loaded_is_tried_once_and_not_at_every_probe(store, monkeypatch):
    tries = []

    def fail():
        tries.append(1)
        raise EncoderError("no usable folder")

    monkeypatch.setattr(engine, "encoder", fail)
    assert [checks.readiness()["encoder"] for _probe in range(3)] == ["no usable folder"] * 3
    assert len(tries) == 1
