"""Load a folder or a Hugging Face repository in OpenCLIP's format."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from search.encoding.errors import EncoderError
from search.encoding.openclip.config import CONFIG_FILE, image_processor, is_siglip, model_config
from search.encoding.openclip.weights import converted

if TYPE_CHECKING:
    import torch

# In the order of preference: safetensors cannot hold code. The others are read as tensors alone.
WEIGHT_FILES = ("open_clip_model.safetensors", "open_clip_pytorch_model.bin", "model.safetensors")


def settings_of(name: str) -> dict[str, Any] | None:
    """The content of ``open_clip_config.json`` of a folder or repository; None where transformers can load
    it: where it has no such file, or a ``config.json`` beside it that needs no code of the repository.
    """
    own, transformers = _file(name, CONFIG_FILE), _file(name, "config.json")
    if own is None or (transformers is not None and "auto_map" not in _read(transformers)):
        return None
    return _read(own)


def _read(file: Path) -> dict[str, Any]:
    return cast("dict[str, Any]", json.loads(file.read_text("utf-8")))


def load(name: str, settings: dict[str, Any]) -> tuple[Any, Any, Any]:
    """The model in float32, the image processor and the tokenizer. Raises EncoderError and what
    transformers raises.
    """
    from transformers import AutoTokenizer, CLIPModel, SiglipModel

    siglip = is_siglip(settings)
    load_tokenizer = cast("Callable[..., Any]", AutoTokenizer.from_pretrained)
    tokenizer = load_tokenizer(name, config=_tokenizer_config(siglip=siglip))
    config = model_config(settings, tokenizer)
    model: Any = (SiglipModel if siglip else CLIPModel)(config)
    weights = {key: tensor.float() for key, tensor in converted(_weights(name), siglip=siglip).items()}
    missing, unexpected = model.load_state_dict(weights, strict=False)
    # Buffers such as position ids are computed, not stored.
    missing = [key for key in missing if key in dict(model.named_parameters())]
    if missing or unexpected:
        raise EncoderError(
            "The weights do not fit the model that open_clip_config.json describes.",
            f"missing: {missing[:3]}, unknown: {unexpected[:3]}",
        )
    tokenizer.model_max_length = int(settings["model_cfg"]["text_cfg"]["context_length"])
    if siglip:
        _as_siglip_reads(tokenizer, settings["model_cfg"]["text_cfg"])
    return model, image_processor(settings), tokenizer


def _tokenizer_config(*, siglip: bool) -> Any:
    """Of the plain class, so that a config.json that names remote code is not read."""
    from transformers import CLIPConfig, SiglipConfig

    return SiglipConfig() if siglip else CLIPConfig()


def _as_siglip_reads(tokenizer: Any, text: dict[str, Any]) -> None:
    """Without a mask, as padding is read too, and where the model wants it without capitals and
    punctuation.
    """
    from tokenizers import Regex, normalizers

    tokenizer.model_input_names = ["input_ids"]
    if (text.get("tokenizer_kwargs") or {}).get("clean") != "canonicalize":
        return
    backend = tokenizer.backend_tokenizer
    steps = [
        normalizers.Replace("_", " "),
        normalizers.Replace(Regex(r"[!-/:-@\[-`{-~]"), ""),
        normalizers.Lowercase(),
        normalizers.Replace(Regex(r"\s+"), " "),
        normalizers.Strip(),
    ]
    backend.normalizer = normalizers.Sequence([*steps, *([backend.normalizer] if backend.normalizer else [])])


def _weights(name: str) -> dict[str, torch.Tensor]:
    import torch
    from safetensors.torch import load_file

    file = next((found for each in WEIGHT_FILES if (found := _file(name, each))), None)
    if file is None:
        raise EncoderError(f"The OpenCLIP model has none of the files {', '.join(WEIGHT_FILES)}.")
    if file.suffix == ".safetensors":
        return load_file(file)
    # weights_only: a pickle that holds anything but tensors is refused, never run.
    read: Any = torch.load(file, map_location="cpu", weights_only=True)
    found = read.get("state_dict", read)
    return {key.removeprefix("module."): tensor for key, tensor in found.items()}


def _file(name: str, file_name: str) -> Path | None:
    """A file of a folder, or of a repository from the cache or the network; None where there is none."""
    from transformers.utils.hub import cached_file

    # transformers leaves this function without annotations.
    find = cast("Callable[..., str | None]", cached_file)
    found = find(
        name,
        file_name,
        _raise_exceptions_for_missing_entries=False,
        _raise_exceptions_for_connection_errors=False,
    )
    return None if found is None else Path(found)
