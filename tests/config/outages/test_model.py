"""A bundled model whose files are damaged: one typed error, 503 with a remedy, and pages without it."""

import shutil

import pytest

from search import engine
from search.encoding import encoder as encoders
from search.encoding.checksums import SUMS_FILE, damaged_file, write_sums
from search.encoding.encoder import BUNDLED, Encoder
from search.encoding.errors import EncoderError
from search.operations import readiness
from tests.search.encoding.test_encoder import clip, words_tokenizer


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    """A small model in a folder with checksums."""
    folder = tmp_path_factory.mktemp("model")
    network, image_processor, length = clip()
    for part in (network, image_processor, words_tokenizer(length)):
        part.save_pretrained(folder)
    write_sums(folder)
    return folder


@pytest.fixture
def damaged(model, tmp_path):
    """A copy of it to damage."""
    return shutil.copytree(model, tmp_path / "model")


def flip(path):
    data = bytearray(path.read_bytes())
    data[len(data) * 3 // 4] ^= 1
    path.write_bytes(data)


def truncate(path):
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def empty(path):
    path.write_bytes(b"")


def remove(path):
    path.unlink()


def as_garbage(path):
    path.write_bytes(b"\x80\x04garbage\xff" * 40)


DAMAGES = [flip, truncate, empty, remove, as_garbage]
FILES = ["model.safetensors", "config.json", "tokenizer.json"]


def test_the_bundled_model_is_the_one_whose_checksums_are_kept():
    assert damaged_file(BUNDLED) is None
    listed = {line.split()[1] for line in (BUNDLED / SUMS_FILE).read_text().splitlines()}
    assert listed == {file.name for file in BUNDLED.iterdir()} - {SUMS_FILE, "README.md"}


def test_a_whole_model_loads(model):
    assert Encoder.load(model).dimension == 8


@pytest.mark.parametrize("file", FILES)
@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_file_is_named_without_its_path(damaged, file, damage):
    damage(damaged / file)
    with pytest.raises(EncoderError, match=file.replace(".", r"\.")) as refused:
        Encoder.load(damaged)
    assert str(damaged) not in str(refused.value)
    assert str(damaged) in refused.value.explained


@pytest.mark.parametrize("file", FILES)
@pytest.mark.parametrize("damage", [truncate, empty, as_garbage])
def test_without_checksums_whatever_its_readers_raise_is_the_same_error(damaged, file, damage):
    (damaged / SUMS_FILE).unlink()
    damage(damaged / file)
    with pytest.raises(EncoderError) as refused:
        Encoder.load(damaged)
    assert str(damaged) not in str(refused.value)


def test_the_bundled_model_is_not_loaded_without_its_checksums(damaged, monkeypatch):
    (damaged / SUMS_FILE).unlink()
    monkeypatch.setattr(encoders, "BUNDLED", damaged)
    with pytest.raises(EncoderError):
        Encoder.load(damaged)


@pytest.fixture
def broken(shop, damaged, monkeypatch, settings):
    """The shop with a damaged bundled model, its index and products as they were."""
    load = engine._load_encoder
    empty(damaged / "model.safetensors")
    monkeypatch.undo()
    monkeypatch.setattr(engine, "BUNDLED", damaged)
    monkeypatch.setattr(readiness, "_failure", None)
    settings.CLIP_MODEL = "bundled"
    engine.forget()
    yield damaged
    load.cache_clear()


def test_searches_are_503_with_a_remedy_and_pages_without_it_answer(broken, visitor):
    refused = visitor.post("/api/v1/text-search", {"text": "red dress"})
    assert refused.status_code == 503
    assert int(refused["Retry-After"]) > 0
    assert "manage.py doctor" in refused.json()["detail"]
    assert visitor.get("/results?text=red").status_code == 503
    assert visitor.get("/").status_code == 200
    assert visitor.get("/healthz").status_code == 200


def test_strangers_learn_no_path_and_staff_do(broken, visitor, admin_user):
    answers = [
        visitor.get("/readyz"),
        visitor.post("/api/v1/text-search", {"text": "red"}),
        visitor.get("/results?text=red"),
    ]
    assert [answer.status_code for answer in answers] == [503] * 3
    assert not [answer for answer in answers if str(broken) in answer.content.decode()]
    assert "details" not in answers[0].json()
    visitor.force_login(admin_user)
    assert str(broken) in visitor.get("/readyz").json()["details"]["encoder"]


def test_a_damaged_model_is_not_read_by_every_request(broken, visitor, monkeypatch):
    loads = []
    load = Encoder.load
    monkeypatch.setattr(Encoder, "load", lambda *args, **options: loads.append(1) or load(*args, **options))
    engine.forget()
    for _request in range(3):
        assert visitor.post("/api/v1/text-search", {"text": "red dress"}).status_code == 503
    assert len(loads) == 1


def test_a_model_that_gives_no_direction_is_503(shop, visitor, colour_encoder, monkeypatch):
    def fail(texts):
        raise EncoderError("The model gave a vector without a direction: its weights are damaged.")

    monkeypatch.setattr(colour_encoder, "encode_text", fail, raising=False)
    answer = visitor.post("/api/v1/text-search", {"text": "a dress never asked for"})
    assert answer.status_code == 503
    assert "doctor" in answer.json()["detail"]
