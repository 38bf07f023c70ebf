"""Words and pictures to vectors of one space, by any Hugging Face dual encoder.

CLIP, SigLIP and a vision-text dual encoder differ in how they pad text and resize pictures; their own
processors know how, so nothing here depends on the model beyond its family.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from copy import deepcopy
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self, cast

import numpy as np
from PIL import Image

from search.encoding.fingerprint import fingerprint, of_weights
from search.vectors import Vectors

# torch and transformers take seconds to import, so only a process that encodes imports them: a server
# answers its probes meanwhile, and `manage.py migrate` does without.
if TYPE_CHECKING:
    import torch

BUNDLED = Path(__file__).parent / "bundled"

# Families that were trained on text padded to a fixed length; all others are padded to their batch.
PADDED_TO_FULL_LENGTH = ("siglip", "siglip2")

# Position tables that are indexed past the padding id hold two rows fewer than they are long (RoBERTa).
OFFSET_POSITIONS = ("roberta", "xlm-roberta", "camembert")


class EncoderError(Exception):
    """The model cannot be used, or could not encode an input; the message says what to do about it."""


class Encoder:
    """A dual encoder in memory. Text and pictures become (n, dimension) float32 rows of length 1.

    One instance may serve many threads: it holds no state between calls. `threads` bounds how many
    cores one call may take. The model is the encoder's own from then on: it is laid out for inference.
    Raises EncoderError for damaged weights, and for text and pictures in spaces of different dimension.
    """

    def __init__(
        self, model: Any, image_processor: Any, tokenizer: Any, *, batch_size: int = 16, threads: int = 1
    ) -> None:
        from search.encoding.inference import optimise

        self._model = model.eval()
        self._image_processor = image_processor
        self._tokenizer = tokenizer
        self._reader = _reader_of(tokenizer)
        self._batch_size = batch_size
        self._threads = threads
        self._max_tokens = _max_tokens(model.config, tokenizer)
        self._padding = "max_length" if model.config.model_type in PADDED_TO_FULL_LENGTH else "longest"
        self.image_size = _image_size(image_processor)
        _refuse_damaged(model)
        weights = of_weights(model)
        optimise(self._model)
        # The first encoding is the slow one; no shopper waits for it.
        self.dimension = self._measure_dimension()
        self.fingerprint = fingerprint(weights, model, image_processor, tokenizer, self.dimension)

    @classmethod
    def load(cls, model: str | Path, *, device: str = "cpu", batch_size: int = 16, threads: int = 1) -> Self:
        """Load a folder or a Hugging Face id.

        Raises EncoderError when it is missing, is not a dual encoder, or does not fit on `device`.
        """
        import torch
        from transformers import AutoImageProcessor, AutoModel, AutoTokenizer
        from transformers.utils import logging as transformers_logging

        # A bar per loaded model would break up the one-line reports of commands and the logs of servers.
        transformers_logging.disable_progress_bar()
        name = str(model)
        with _explained(name):
            weights = AutoModel.from_pretrained(name, dtype=torch.float32)
            # Without torchvision the PIL backend is taken silently, with it another one with other pixels.
            image_processor = AutoImageProcessor.from_pretrained(name, backend="pil")
            tokenizer = AutoTokenizer.from_pretrained(name)
        if not (hasattr(weights, "get_text_features") and hasattr(weights, "get_image_features")):
            raise EncoderError(
                f"{name} is not a dual encoder: it is a {weights.config.model_type} model, which does not "
                "put text and pictures into one space. Name a CLIP or SigLIP model."
            )
        try:
            weights = weights.to(device)
        except (RuntimeError, AssertionError) as error:
            raise EncoderError(f"The device {device!r} cannot hold {name}: {_first_line(error)}") from error
        return cls(weights, image_processor, tokenizer, batch_size=batch_size, threads=threads)

    def encode_text(self, texts: Sequence[str]) -> Vectors:
        """Encode texts, cut to the model's length where they are longer (see `was_truncated`).

        Returns (n, dimension) float32 unit rows. Raises EncoderError rather than return a row that
        is not finite.
        """
        return self._encode(texts, self._text_features)

    def encode_images(self, images: Sequence[Image.Image]) -> Vectors:
        """Encode pictures of any size and mode.

        Returns (n, dimension) float32 unit rows. Raises EncoderError as `encode_text` does.
        """
        return self._encode(images, self._image_features)

    def was_truncated(self, text: str) -> bool:
        """Whether the model reads only the beginning of `text`."""
        return len(self._reader.encode(text).ids) > self._max_tokens

    def knows(self, word: str) -> bool:
        """Whether `word` was so common where the model learned to read that it is one token of its own."""
        return len(self._reader.encode(word, add_special_tokens=False).ids) == 1

    def _encode(self, items: Sequence[Any], features: Callable[[Sequence[Any]], torch.Tensor]) -> Vectors:
        starts = range(0, len(items), self._batch_size)
        with self._inference():
            rows = [_unit_rows(features(items[start : start + self._batch_size])) for start in starts]
        return np.concatenate([np.empty((0, self.dimension), np.float32), *rows])

    def _text_features(self, texts: Sequence[str]) -> torch.Tensor:
        tokens = self._tokenizer(
            list(texts),
            padding=self._padding,
            truncation=True,
            max_length=self._max_tokens,
            return_tensors="pt",
        )
        output = self._model.get_text_features(**tokens.to(self._model.device))
        return cast("torch.Tensor", output.pooler_output)

    def _image_features(self, images: Sequence[Image.Image]) -> torch.Tensor:
        pixels = self._image_processor([image.convert("RGB") for image in images], return_tensors="pt")
        output = self._model.get_image_features(**pixels.to(self._model.device))
        return cast("torch.Tensor", output.pooler_output)

    @contextmanager
    def _inference(self) -> Iterator[None]:
        import torch

        # The setting belongs to the calling thread, so it is made on each one that encodes.
        if torch.get_num_threads() != self._threads:
            torch.set_num_threads(self._threads)
        with torch.inference_mode():
            yield

    def _measure_dimension(self) -> int:
        with self._inference():
            text = self._text_features(["a"]).shape[1]
            image = self._image_features([Image.new("RGB", (8, 8))]).shape[1]
        if text != image:
            raise EncoderError(
                f"The model gives {text} numbers for text but {image} for pictures: not one space."
            )
        return int(text)


@contextmanager
def _explained(name: str) -> Iterator[None]:
    """Turn what transformers raises while loading into one sentence for the operator."""
    try:
        yield
    except (OSError, ValueError, KeyError, ImportError, RuntimeError) as error:
        what = "folder" if Path(name).exists() else "folder or Hugging Face model"
        raise EncoderError(
            f"The encoder cannot be loaded: no usable {what} {name!r} ({_first_line(error)}). "
            "Set CLIP_MODEL to a folder with a dual encoder, to a Hugging Face id that is cached or can be "
            "downloaded, or leave it out to use the bundled one."
        ) from error


def _first_line(error: BaseException) -> str:
    return next(iter(str(error).strip().splitlines()), type(error).__name__)[:300]


def _unit_rows(features: torch.Tensor) -> Vectors:
    """Scale (n, d) features to length 1, in float32 on the CPU."""
    rows = features.float().cpu().numpy()
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    if not np.isfinite(lengths).all() or not (lengths > 0).all():
        raise EncoderError("The model gave a vector without a direction: its weights are damaged.")
    return cast("Vectors", rows / lengths)


def _max_tokens(config: Any, tokenizer: Any) -> int:
    text = getattr(config, "text_config", config)
    positions = int(text.max_position_embeddings)
    if text.model_type in OFFSET_POSITIONS:
        positions -= 2
    return min(positions, int(tokenizer.model_max_length))


def _reader_of(tokenizer: Any) -> Any:
    """A tokenizer of its own for questions about a text, which neither cuts nor pads.

    Both are settings of a tokenizer that all threads share: asked of the one that encodes, a question would
    switch them off under another thread's call.
    """
    reader = deepcopy(tokenizer.backend_tokenizer)
    reader.no_truncation()
    reader.no_padding()
    return reader


def _image_size(image_processor: Any) -> int:
    """The side, in pixels, a picture is brought to: decoding need not give more than a little above it."""
    size = dict(image_processor.size)
    return max(int(value) for value in size.values() if value)


def _refuse_damaged(model: Any) -> None:
    """Raises EncoderError for weights that are not finite: inference as it is laid out may not show them."""
    for name, tensor in model.state_dict().items():
        if not tensor.isfinite().all():
            raise EncoderError(
                f"The model's weights are damaged: {name} holds numbers that are not finite. "
                "Get the checkpoint anew."
            )
