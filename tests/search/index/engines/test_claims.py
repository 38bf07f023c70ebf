"""Collections of killed builds are found and dropped; no other is."""

import subprocess
import sys
from pathlib import Path

import pytest

from search.index.engines.milvus import engine
from search.index.engines.milvus.claims import Claim, finished
from search.index.engines.not_ready import NotReady
from search.index.manifest import Manifest

ROOT = Path(__file__).resolve().parents[4]
DYING = """
import os, sys
from pathlib import Path
from search.index.engines.milvus.claims import Claim
claim = Claim(Path(sys.argv[1]), "shop")
print(claim.name, flush=True)
os.kill(os.getpid(), 9)
"""


@pytest.fixture
def dropped(monkeypatch):
    """The names of the collections that were dropped."""
    names = []
    monkeypatch.setattr(engine, "drop", names.append)
    return names


def named(tmp_path):
    return [path.name for path in finished(tmp_path)]


def manifests(*collections):
    return lambda: [Manifest(details={engine.COLLECTION: name}) for name in collections]


def test_a_build_that_lives_keeps_its_collection(tmp_path, dropped):
    claim = Claim(tmp_path, "shop")
    engine.MilvusEngine().drop_unused(tmp_path, manifests())
    assert dropped == []
    assert claim.name.startswith("shop_")


def test_what_a_killed_build_left_is_dropped(tmp_path, dropped):
    command = [sys.executable, "-c", DYING, str(tmp_path)]
    left = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False).stdout.strip()  # noqa: S603 - ours
    assert named(tmp_path) == [left]
    engine.MilvusEngine().drop_unused(tmp_path, manifests())
    assert dropped == [left]
    assert named(tmp_path) == []


def test_a_collection_that_a_version_names_stays(tmp_path, dropped):
    used, unused = Claim(tmp_path, "shop").name, Claim(tmp_path, "shop").name
    engine.MilvusEngine().drop_unused(tmp_path, manifests(used))
    assert dropped == [unused]
    assert named(tmp_path) == [used]


def test_a_server_that_does_not_answer_is_asked_again_by_the_next_publication(tmp_path, dropped, monkeypatch):
    name = Claim(tmp_path, "shop").name

    def refuse(name):
        raise NotReady("It does not answer.", "manage.py doctor")

    with monkeypatch.context() as patch:
        patch.setattr(engine, "drop", refuse)
        engine.MilvusEngine().drop_unused(tmp_path, manifests())
    assert named(tmp_path) == [name]
    engine.MilvusEngine().drop_unused(tmp_path, manifests())
    assert dropped == [name]


def test_nothing_is_dropped_while_a_manifest_cannot_be_read(tmp_path, dropped):
    Claim(tmp_path, "shop")

    def unreadable():
        raise ValueError("The manifest is not one of this program.")

    engine.MilvusEngine().drop_unused(tmp_path, unreadable)
    assert dropped == []
