"""What computes the picture tower: torch, or OpenVINO in bfloat16 (ENCODER_BACKEND)."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Protocol, cast

from PIL import Image

from search.encoding.errors import EncoderError

if TYPE_CHECKING:
    import torch

TORCH, OPENVINO = "torch", "openvino"
PIXELS = "pixel_values"
# Pictures whose vectors by both are compared when a model is loaded, and the least cosine between them.
_COMPARED, LEAST_COSINE = 2, 0.999

Preprocess = Callable[[Sequence[Image.Image]], Any]


class PictureTower(Protocol):
    """The picture tower of one model; threads may share it."""

    def features(self, inputs: Mapping[str, torch.Tensor]) -> torch.Tensor:
        """What the image processor made of n pictures to (n, d) rows of any length."""
        ...

    def look(self, inputs: Mapping[str, torch.Tensor]) -> tuple[torch.Tensor, Any]:
        """What ``features`` gives for one picture, and its cells; of a model that can read parts."""
        ...


class TorchTower:
    """The tower as the model itself computes it."""

    def __init__(self, model: Any) -> None:
        self._model = model

    def features(self, inputs: Mapping[str, torch.Tensor]) -> torch.Tensor:
        return cast("torch.Tensor", self._model.get_image_features(**inputs).pooler_output)

    def look(self, inputs: Mapping[str, torch.Tensor]) -> tuple[torch.Tensor, Any]:
        features, cells = self._model.vision_model.look(**inputs)
        return self._model.visual_projection(features), cells


def picture_tower(
    backend: str, model: Any, preprocess: Preprocess, *, calls: int, threads: int
) -> PictureTower:
    """The tower of a model that was not changed for inference yet; by OpenVINO up to ``calls`` run at once.

    Raises EncoderError where OpenVINO is missing, the processor has no bfloat16, or the vectors differ from
    torch's by more than rounding.
    """
    if backend == TORCH:
        return TorchTower(model)
    inputs = preprocess([Image.new("RGB", (8, 8))])
    openvino = imported_openvino()
    if str(model.device) != "cpu" or set(inputs) != {PIXELS}:
        raise EncoderError(
            "ENCODER_BACKEND=openvino is for ENCODER_DEVICE=cpu and models that read nothing but pixels. "
            "Set ENCODER_BACKEND=torch."
        )
    if not computes_bfloat16(openvino):
        raise EncoderError(
            "This processor does not compute bfloat16, without which OpenVINO is no faster. "
            "Set ENCODER_BACKEND=torch."
        )
    from search.encoding.openvino_tower import OpenVinoTower

    tower = OpenVinoTower(model, inputs[PIXELS], calls=calls, threads=threads)
    _refuse_different(TorchTower(model), tower, inputs[PIXELS])
    return tower


def imported_openvino() -> Any:
    """The package, which is imported nowhere else before. Raises EncoderError where it is missing."""
    # It reports its use to its maker over the network unless this package is missing.
    sys.modules["openvino_telemetry"] = cast("Any", None)
    try:
        return importlib.import_module("openvino")
    except ImportError as error:
        raise EncoderError(
            "ENCODER_BACKEND=openvino needs the package openvino. "
            "Run `pip install -r requirements-openvino.txt -c constraints.txt`, or set ENCODER_BACKEND=torch."
        ) from error


def computes_bfloat16(openvino: Any) -> bool:
    """Whether this processor has instructions for it; on others OpenVINO computes in float32."""
    return "BF16" in openvino.Core().get_property("CPU", "OPTIMIZATION_CAPABILITIES")


def _refuse_different(torch_tower: PictureTower, other: PictureTower, pixels: torch.Tensor) -> None:
    import torch

    generator = torch.Generator().manual_seed(0)
    with torch.inference_mode():
        noise = torch.rand((_COMPARED, *pixels.shape[1:]), generator=generator) * 2 - 1
        wanted, found = torch_tower.features({PIXELS: noise}), other.features({PIXELS: noise})
        least = float(torch.nn.functional.cosine_similarity(wanted, found).min())
    # Not "<", which a NaN passes.
    if not least >= LEAST_COSINE:
        raise EncoderError(
            f"OpenVINO gives other vectors of pictures than torch for this model (cosine {least:.4f}). "
            "Set ENCODER_BACKEND=torch."
        )
