"""The bundled encoder compared with the architecture of CLIP ViT-B/32, on one thread and in one run.

A model's latency depends on its dimensions, not on its weights, so CLIP's weights are random here and
nothing is downloaded. Both use the bundled tokeniser, which gives as many token ids as CLIP's.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

import numpy as np
import torch
from PIL import Image
from transformers import AutoTokenizer, CLIPConfig, CLIPModel
from transformers.models.clip.image_processing_pil_clip import CLIPImageProcessorPil

from bench.timing import Row
from search.encoding.encoder import BUNDLED, Encoder

ROUNDS = 60
WARM_UP = 5
# Eight words and the two special tokens are ten tokens for either tokeniser.
WORDS = "red striped summer dress with long blue sleeves"
# A phone's picture, already scaled down when it reaches the encoder.
PICTURE = (720, 960)

Call = Callable[[Encoder], object]


def measure() -> list[Row]:
    """A row for text and one for a picture: p50 and p95 of both models, and CLIP's as a multiple."""
    bundled, clip = Encoder.load(BUNDLED), clip_vit_b32()
    noise = np.random.default_rng(11).integers(0, 256, (*reversed(PICTURE), 3), np.uint8)
    picture = Image.fromarray(noise)
    calls: dict[str, Call] = {
        "text of 10 tokens": lambda encoder: encoder.encode_text([WORDS]),
        f"picture of {PICTURE[0]} x {PICTURE[1]}": lambda encoder: encoder.encode_images([picture]),
    }
    return [_row(what, call, (bundled, clip)) for what, call in calls.items()]


def clip_vit_b32() -> Encoder:
    """The default of transformers' CLIPConfig, which is ViT-B/32: 151 million random weights."""
    torch.manual_seed(0)
    config = CLIPConfig()
    tokenizer = AutoTokenizer.from_pretrained(BUNDLED)
    # Rounded to half precision like the bundled checkpoint, so that both models' layers are packed (ADR 7).
    model = CLIPModel(config).half().float()  # type: ignore[no-untyped-call]  # transformers wraps it untyped
    return Encoder(model, CLIPImageProcessorPil(), tokenizer)


def _row(what: str, call: Call, encoders: Sequence[Encoder]) -> Row:
    """One row of timings; the models alternate, so that other load on the machine affects both."""
    took = np.array([[_milliseconds(call, each) for each in encoders] for _round in range(ROUNDS + WARM_UP)])
    (bundled, clip), (bundled95, clip95) = np.percentile(took[WARM_UP:], [50, 95], axis=0)
    return {
        "one of": what,
        "bundled_p50_ms": round(float(bundled), 1),
        "bundled_p95_ms": round(float(bundled95), 1),
        "clip_p50_ms": round(float(clip), 1),
        "clip_p95_ms": round(float(clip95), 1),
        "clip / bundled": round(float(clip / bundled), 1),
    }


def _milliseconds(call: Call, encoder: Encoder) -> float:
    began = time.perf_counter()
    call(encoder)
    return (time.perf_counter() - began) * 1000
