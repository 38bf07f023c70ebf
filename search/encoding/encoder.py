"""Text and pictures to vectors of one space, by any Hugging Face dual encoder.

CLIP, SigLIP and a vision-text dual encoder pad text and resize pictures differently; their own processors
do so, so nothing here depends on the model beyond its family.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from copy import deepcopy
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self, cast

import numpy as np
from PIL import Image

from search.encoding.checksums import SUMS_FILE, damaged_file
from search.encoding.errors import EncoderError, explained, first_line, shown_name
from search.encoding.fingerprint import fingerprint, refuse_damaged, weights_digest
from search.encoding.openclip import loading as openclip
from search.encoding.parts import Parts, can_read_parts
from search.encoding.runtimes import TORCH, picture_tower
from search.vectors import Vectors

# torch and transformers take seconds to import, so functions import them, when the first model is loaded:
# a server answers its probes meanwhile, and `manage.py migrate` never loads them.
if TYPE_CHECKING:
    import torch

BUNDLED = Path(__file__).parent / "bundled"

# Families that were trained on text padded to a fixed length; all others are padded to their batch.
PADDED_TO_FULL_LENGTH = ("siglip", "siglip2")

# RoBERTa's position ids start after the padding id, so its position table has two unused rows.
OFFSET_POSITIONS = ("roberta", "xlm-roberta", "camembert")


class Encoder:
    """A dual encoder in memory. Text and pictures become (n, dimension) float32 rows of length 1.

    Threads may share one instance: it holds no state between calls. A call may use `threads` cores; OpenVINO
    runs `calls` at once. The encoder owns `model` and changes it for inference. Raises EncoderError for
    damaged weights, and for towers of different dimension.
    """

    def __init__(
        self,
        model: Any,
        image_processor: Any,
        tokenizer: Any,
        *,
        batch_size: int = 16,
        threads: int = 1,
        backend: str = TORCH,
        calls: int = 1,
    ) -> None:
        from search.encoding.inference import optimise

        self._model = model.eval()
        self._image_processor = image_processor
        self._tokenizer = tokenizer
        self._token_counter = _token_counter(tokenizer)
        self._batch_size = batch_size
        self._threads = threads
        self._max_tokens = _max_tokens(model.config, tokenizer)
        self._padding = "max_length" if model.config.model_type in PADDED_TO_FULL_LENGTH else "longest"
        self.image_size = _image_size(image_processor)
        refuse_damaged(model)
        weights = weights_digest(model)
        self._pictures = picture_tower(backend, model, self._pixels, calls=calls, threads=threads)
        optimise(self._model)
        self.dimension = self._measure_dimension()  # also the first, slow encoding: no request waits for it
        self.fingerprint = fingerprint(weights, model, image_processor, tokenizer, self.dimension, backend)

    @classmethod
    def load(cls, model: str | Path, *, device: str = "cpu", **options: Any) -> Self:
        """Load a folder or a Hugging Face id, after a check of the folder's checksums where it has any.

        `options`: see the class. Raises EncoderError when it is missing or damaged, is not a dual encoder, or
        does not fit on `device`.
        """
        with explained(str(model)):
            _refuse_changed(Path(model))
            return cls._loaded(str(model), device, options)

    @classmethod
    def _loaded(cls, name: str, device: str, options: dict[str, Any]) -> Self:
        settings = openclip.settings_of(name)
        parts = openclip.load(name, settings) if settings else _from_transformers(name)
        weights, image_processor, tokenizer = parts
        if not (hasattr(weights, "get_text_features") and hasattr(weights, "get_image_features")):
            raise EncoderError(
                f"{shown_name(name)} is not a dual encoder: it is a {weights.config.model_type} model, which "
                "does not put text and pictures into one space. Name a CLIP or SigLIP model."
            )
        try:
            weights = weights.to(device)
        except (RuntimeError, AssertionError) as error:
            raise EncoderError(
                f"The device {device!r} cannot hold {shown_name(name)}: {first_line(error)}"
            ) from error
        return cls(weights, image_processor, tokenizer, **options)

    def encode_text(self, texts: Sequence[str]) -> Vectors:
        """Encode texts, truncated to the model's length (see `was_truncated`).

        Returns (n, dimension) float32 unit rows. Raises EncoderError rather than return a row that
        is not finite.
        """
        return self._encode(texts, self._text_features)

    def encode_images(self, images: Sequence[Image.Image]) -> Vectors:
        """Encode pictures of any size and mode; returns and raises as `encode_text` does."""
        return self._encode(images, self._image_features)

    @property
    def reads_parts(self) -> bool:
        return can_read_parts(self._model)

    def encode_with_parts(self, image: Image.Image) -> tuple[Vectors, Parts]:
        """The row (dimension,) of `encode_images` and a reader of parts, by one pass; if `reads_parts`."""
        with self._inference():
            row, cells = self._pictures.look(self._pixels([image]))
        return _unit_rows(row)[0], Parts(self._model, cells)

    def was_truncated(self, text: str) -> bool:
        """Whether the model reads only the beginning of `text`."""
        return len(self._token_counter.encode(text).ids) > self._max_tokens

    def knows(self, word: str) -> bool:
        """Whether `word` is one token: it was common in the text on which the tokenizer was trained."""
        return len(self._token_counter.encode(word, add_special_tokens=False).ids) == 1

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
        return self._pictures.features(self._pixels(images))

    def _pixels(self, images: Sequence[Image.Image]) -> Any:
        pixels = self._image_processor([image.convert("RGB") for image in images], return_tensors="pt")
        return pixels.to(self._model.device)

    @contextmanager
    def _inference(self) -> Iterator[None]:
        import torch

        # torch keeps this setting per calling thread, so each thread that encodes makes it.
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


def _from_transformers(name: str) -> tuple[Any, Any, Any]:
    """Model, image processor and tokenizer of a folder or repository in transformers' own format."""
    import torch
    from transformers import AutoImageProcessor, AutoModel, AutoTokenizer
    from transformers.utils import logging as transformers_logging

    from search.encoding.two_branches import register

    # transformers leaves these functions without annotations.
    silence_progress = cast("Callable[[], None]", transformers_logging.disable_progress_bar)
    load_image_processor = cast("Callable[..., Any]", AutoImageProcessor.from_pretrained)
    # A progress bar per model would break up the one-line reports of commands and the logs of servers.
    silence_progress()
    register()
    # Remote code is never run: transformers refuses a model that needs it.
    weights, found = AutoModel.from_pretrained(name, dtype=torch.float32, output_loading_info=True)
    if missing := sorted(found["missing_keys"]):
        raise EncoderError(
            f"{shown_name(name)} has not all of its weights: transformers would make up the others.",
            f"missing: {', '.join(missing[:3])}",
        )
    # Named, because transformers would use torchvision where installed, which gives other pixels.
    return weights, load_image_processor(name, backend="pil"), AutoTokenizer.from_pretrained(name)


def _refuse_changed(folder: Path) -> None:
    """Raises EncoderError where a file of the folder is not the one whose checksum it keeps."""
    if folder != BUNDLED and not (folder / SUMS_FILE).is_file():
        return
    if (name := damaged_file(folder)) is not None:
        raise EncoderError(
            f"The encoder cannot be loaded: its file {name} is damaged. Install it anew, by "
            "`git checkout search/encoding/bundled` or another image.",
            str(folder / name),
        )


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


def _token_counter(tokenizer: Any) -> Any:
    """A copy of the tokenizer that neither truncates nor pads.

    A copy, because both are settings of the tokenizer that all threads encode with: changing them there
    would change another thread's call.
    """
    counter = deepcopy(tokenizer.backend_tokenizer)
    counter.no_truncation()
    counter.no_padding()
    return counter


def _image_size(image_processor: Any) -> int:
    """The side in pixels to which pictures are resized; decoding them much larger wastes time."""
    size = dict(image_processor.size)
    return max(int(value) for value in size.values() if value)
