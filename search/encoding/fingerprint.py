"""What a vector depends on, in one short digest: vectors are compared only where theirs are equal."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from hashlib import _Hash

# Raised whenever search/encoding/encoder.py would give other vectors for the same weights and the same input.
PREPROCESSING_VERSION = 1


def of_weights(model: Any) -> _Hash:
    """The digest of every tensor as it is now, to be finished by `fingerprint`."""
    digest = hashlib.sha256()
    for name, tensor in sorted(model.state_dict().items()):
        digest.update(f"{name} {tensor.dtype} {tuple(tensor.shape)}".encode())
        digest.update(np.ascontiguousarray(tensor.detach().cpu().numpy()).data)
    return digest


def fingerprint(weights: _Hash, model: Any, image_processor: Any, tokenizer: Any, dimension: int) -> str:
    """16 hexadecimal digits, the same wherever the model lies and on whatever machine.

    `weights` is `of_weights` before the model was laid out; `dimension` is how many numbers a vector has.
    """
    digest = weights.copy()
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
