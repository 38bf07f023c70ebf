"""Pictures by OpenVINO instead of torch: what is refused, and that both give one vector."""

import sys
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace

import numpy as np
import pytest
import torch
from PIL import Image

from search.encoding import runtimes
from search.encoding.encoder import BUNDLED, Encoder
from search.encoding.errors import EncoderError
from search.encoding.runtimes import LEAST_COSINE
from tests.search.encoding.test_encoder import save


def pictures():
    """Pictures full of detail: of a plain one hardly more than rounding is left."""
    noise = np.random.default_rng(1).integers(0, 255, (3, 50, 40, 3), np.uint8)
    return [Image.fromarray(each) for each in noise]


def offering(monkeypatch, *capabilities):
    """A stand-in for the package on a processor with these capabilities."""
    core = SimpleNamespace(get_property=lambda device, name: list(capabilities))
    monkeypatch.setitem(sys.modules, "openvino", SimpleNamespace(Core=lambda: core))


def test_a_missing_package_says_what_to_install(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "openvino", None)
    with pytest.raises(EncoderError, match=r"requirements-openvino\.txt"):
        Encoder.load(save("clip", tmp_path), backend="openvino")


def test_a_processor_without_bfloat16_is_refused(tmp_path, monkeypatch):
    offering(monkeypatch, "FP32", "INT8")
    with pytest.raises(EncoderError, match="bfloat16"):
        Encoder.load(save("clip", tmp_path), backend="openvino")


def test_another_device_is_refused(monkeypatch):
    offering(monkeypatch, "BF16")
    model = SimpleNamespace(device=torch.device("meta"))
    with pytest.raises(EncoderError, match="ENCODER_DEVICE"):
        runtimes.picture_tower("openvino", model, lambda _images: {"pixel_values": None}, calls=1, threads=1)


@pytest.mark.parametrize("other", [-1.0, float("nan")])
def test_other_vectors_than_those_of_torch_are_refused(other):
    def tower(sign):
        return SimpleNamespace(features=lambda inputs: sign * torch.ones(2, 4))

    runtimes._refuse_different(tower(1.0), tower(3.0), torch.zeros(1, 3, 8, 8))
    with pytest.raises(EncoderError, match="other vectors"):
        runtimes._refuse_different(tower(1.0), tower(other), torch.zeros(1, 3, 8, 8))


@pytest.fixture
def openvino(monkeypatch):
    """The package; on a processor without bfloat16, for which it is refused, it computes in float32 here."""
    try:
        runtimes.imported_openvino()
    except EncoderError:
        pytest.skip("it comes with requirements-openvino.txt")
    monkeypatch.setattr(runtimes, "computes_bfloat16", lambda package: True)


@pytest.mark.services
def test_the_bundled_encoder_gives_one_vector_by_both(openvino):
    by_torch, by_openvino = Encoder.load(BUNDLED), Encoder.load(BUNDLED, backend="openvino", calls=2)
    assert by_torch.fingerprint != by_openvino.fingerprint
    wanted = by_torch.encode_images(pictures())
    assert (wanted * by_openvino.encode_images(pictures())).sum(1).min() >= LEAST_COSINE
    with ThreadPoolExecutor(2) as threads:
        found = list(threads.map(by_openvino.encode_images, [pictures()] * 4))
    assert all(np.allclose(found[0], each, atol=1e-5) for each in found)
    whole, parts = by_openvino.encode_with_parts(pictures()[1])
    assert whole @ wanted[1] >= LEAST_COSINE
    rectangle = [(1, 1, 4, 4)]
    expected = by_torch.encode_with_parts(pictures()[1])[1].vectors(rectangle)
    assert (parts.vectors(rectangle) * expected).sum() >= LEAST_COSINE
    assert (by_torch.encode_text(["red"]) == by_openvino.encode_text(["red"])).all()


@pytest.mark.services
@pytest.mark.parametrize("family", ["clip", "siglip"])
def test_any_model_gives_one_vector_by_both(openvino, tmp_path, family):
    folder = save(family, tmp_path)
    wanted = Encoder.load(folder).encode_images(pictures())
    found = Encoder.load(folder, backend="openvino").encode_images(pictures())
    assert (wanted * found).sum(1).min() >= LEAST_COSINE


@pytest.mark.services
def test_it_reports_its_use_to_nobody(openvino, tmp_path):
    Encoder.load(save("clip", tmp_path), backend="openvino")
    assert sys.modules["openvino.tools.ovc.telemetry_utils"].tm.__name__.endswith("telemetry_stub")
