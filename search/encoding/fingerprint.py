"""A short digest of all that a vector depends on: only vectors of equal fingerprints are comparable."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

import numpy as np

from search.encoding.errors import EncoderError
from search.encoding.runtimes import TORCH

if TYPE_CHECKING:
    from hashlib import _Hash

# Increase it when search/encoding/encoder.py gives other vectors for the same weights and the same input.
PREPROCESSING_VERSION = 1


def weights_digest(model: Any) -> _Hash:
    """The digest of every tensor in its present form, to be finished by `fingerprint`."""
    digest = hashlib.sha256()
    for name, tensor in sorted(model.state_dict().items()):
        digest.update(f"{name} {tensor.dtype} {tuple(tensor.shape)}".encode())
        digest.update(np.ascontiguousarray(tensor.detach().cpu().numpy()).data)
    return digest


def fingerprint(
    weights: _Hash,
    model: Any,
    image_processor: Any,
    tokenizer: Any,
    dimension: int,
    backend: str = TORCH,
) -> str:
    """16 hexadecimal digits, independent of the model's path and of the machine.

    `weights` is `weights_digest` of the model before `optimise` changed it; `dimension` is d of its vectors.
    Another backend than torch rounds them in another way, which a cosine to vectors of torch would mix.
    """
    digest = weights.copy()
    if backend != TORCH:
        digest.update(f"backend {backend}".encode())
    digest.update(
        json.dumps(
            {
                "version": PREPROCESSING_VERSION,
                "model": model.config.model_type,
                "dtype": str(model.dtype),
                "dimension": dimension,
                "image_backend": type(image_processor).__name__,
                "image": image_processor.to_dict(),
                "text": tokenizer.backend_tokenizer.to_str(),
            },
            sort_keys=True,
            default=str,
        ).encode()
    )
    return digest.hexdigest()[:16]


def refuse_damaged(model: Any) -> None:
    """Raises EncoderError for weights that are not finite; optimised inference may hide them."""
    for name, tensor in model.state_dict().items():
        if not tensor.isfinite().all():
            raise EncoderError(
                f"The model's weights are damaged: {name} holds numbers that are not finite. "
                "Get the checkpoint anew."
            )
