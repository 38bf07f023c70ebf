"""A picture tower compiled by OpenVINO, in bfloat16; needs requirements-openvino.txt.

docs/adr/0007 has its time beside torch's.
"""

from __future__ import annotations

import logging
import warnings
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import numpy as np
import openvino
import torch
from torch import nn

from search.encoding.parts import can_read_parts
from search.encoding.runtimes import PIXELS
from search.encoding.two_branches import Cells

Compiled = Callable[[torch.Tensor], list[torch.Tensor]]


class OpenVinoTower:
    """See ``search.encoding.runtimes.PictureTower``: ``calls`` at once, on ``threads`` cores each."""

    def __init__(self, model: Any, pixels: torch.Tensor, *, calls: int, threads: int) -> None:
        self._options = {
            "INFERENCE_PRECISION_HINT": "bf16",
            "NUM_STREAMS": calls,
            "INFERENCE_NUM_THREADS": calls * threads,
            # Several processes would otherwise share the first cores.
            "ENABLE_CPU_PINNING": False,
        }
        self._features = self._compiled(_Features(model), pixels, count=-1)
        if can_read_parts(model):
            self._look = self._compiled(_Look(model), pixels, count=1)

    def features(self, inputs: Mapping[str, torch.Tensor]) -> torch.Tensor:
        return self._features(inputs[PIXELS])[0]

    def look(self, inputs: Mapping[str, torch.Tensor]) -> tuple[torch.Tensor, Cells]:
        row, trained, frozen, *early = self._look(inputs[PIXELS])
        return row, Cells([trained, frozen], list(zip(early[::2], early[1::2], strict=True)))

    def _compiled(self, part: nn.Module, pixels: torch.Tensor, *, count: int) -> Compiled:
        """``part`` for ``count`` pictures at once; -1 for any number."""
        with _without_advice(), torch.inference_mode():
            converted = openvino.convert_model(part.eval(), example_input=pixels)
        converted.reshape([count, *pixels.shape[1:]])
        compiled = openvino.Core().compile_model(converted, "CPU", self._options)

        def call(pixels: torch.Tensor) -> list[torch.Tensor]:
            # A request of its own for every call, because one holds its results.
            found = compiled.create_infer_request().infer([pixels.contiguous().numpy()])
            return [torch.from_numpy(np.array(found[output])) for output in compiled.outputs]

        return call


@contextmanager
def _without_advice() -> Iterator[None]:
    """Tracing reads every attribute of a model, of which transformers warns, and compares sizes, which are
    fixed here, of which torch does.
    """
    logger = logging.getLogger("transformers.modeling_utils")
    level = logger.level
    logger.setLevel(logging.ERROR)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        logger.setLevel(level)


class _Features(nn.Module):
    def __init__(self, model: Any) -> None:
        super().__init__()
        self.model = model

    def forward(self, pixels: torch.Tensor) -> Any:
        return self.model.get_image_features(pixel_values=pixels).pooler_output


class _Look(nn.Module):
    """The projected features and the tensors of the cells, one after another."""

    def __init__(self, model: Any) -> None:
        super().__init__()
        self.model = model

    def forward(self, pixels: torch.Tensor) -> tuple[Any, ...]:
        features, cells = self.model.vision_model.look(pixels)
        early = [tensor for pair in cells.early for tensor in pair]
        return (self.model.visual_projection(features), *cells.last, *early)
