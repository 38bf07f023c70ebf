"""``open_clip_config.json`` as a configuration of transformers' CLIP or SigLIP, and as its preprocessing."""

from __future__ import annotations

import re
from typing import Any, cast

from search.encoding.errors import EncoderError

CONFIG_FILE = "open_clip_config.json"
# timm's names say the sizes that OpenCLIP's file leaves out: (width, layers, heads, MLP's width).
_TIMM_SIZES = {
    "base": (768, 12, 12, 3072),
    "large": (1024, 24, 16, 4096),
    "so400m": (1152, 27, 16, 4304),
}
_TIMM_SIGLIP = re.compile(
    r"vit_(?P<size>base|large|so400m)_patch(?P<patch>\d+)_siglip_(?:gap_)?(?P<side>\d+)"
)
_RESAMPLING = {"nearest": 0, "bilinear": 2, "bicubic": 3}
_CLIP_MEAN, _CLIP_STD = [0.48145466, 0.4578275, 0.40821073], [0.26862954, 0.26130258, 0.27577711]
_KNOWN_TEXT = {
    "context_length", "vocab_size", "width", "heads", "layers", "mlp_ratio", "hf_tokenizer_name",
    "tokenizer_kwargs", "no_causal_mask", "proj_bias", "pool_type", "norm_kwargs", "act_kwargs",
}  # fmt: skip
_KNOWN_VISION = {
    "image_size", "layers", "width", "patch_size", "head_width", "mlp_ratio", "timm_model_name",
    "timm_model_pretrained", "timm_pool", "timm_proj", "patch_dropout", "norm_kwargs", "act_kwargs",
}  # fmt: skip


def is_siglip(settings: dict[str, Any]) -> bool:
    return "timm_model_name" in settings["model_cfg"]["vision_cfg"]


def model_config(settings: dict[str, Any], tokenizer: Any) -> Any:
    """A CLIPConfig or SiglipConfig. Raises EncoderError for towers that neither class can hold."""
    model = settings["model_cfg"]
    vision, text = model["vision_cfg"], model["text_cfg"]
    _refuse_unknown(vision, _KNOWN_VISION)
    _refuse_unknown(text, _KNOWN_TEXT)
    if is_siglip(settings):
        return _siglip_config(vision, text, tokenizer)
    return _clip_config(model, vision, text, tokenizer)


def _refuse_unknown(tower: dict[str, Any], known: set[str]) -> None:
    """What is not known here may change the computation, and wrong vectors would look like right ones."""
    unknown = sorted(name for name in tower.keys() - known if tower[name] not in (None, False))
    if unknown:
        raise EncoderError(
            f"This OpenCLIP model has parts that Tandem cannot load: {', '.join(unknown)}. Name a CLIP with "
            "a vision transformer, or a SigLIP."
        )


def _clip_config(model: dict[str, Any], vision: dict[str, Any], text: dict[str, Any], tokenizer: Any) -> Any:
    from transformers import CLIPConfig

    width, layers = vision["width"], vision["layers"]
    if (
        not isinstance(layers, int)
        or text.get("no_causal_mask")
        or text.get("pool_type", "argmax") != "argmax"
    ):
        raise EncoderError(
            "This OpenCLIP model is none that Tandem can load. Name one with a vision transformer."
        )
    activation = "quick_gelu" if model.get("quick_gelu") else "gelu"
    shared = {"projection_dim": model["embed_dim"]}
    return CLIPConfig(
        text_config=shared
        | _text_sizes(text, tokenizer, activation)
        | {
            # OpenCLIP reads the sentence where the largest token id stands: the end of the text.
            "eos_token_id": tokenizer.eos_token_id,
            "bos_token_id": tokenizer.bos_token_id,
        },
        vision_config=shared
        | {
            "image_size": vision["image_size"],
            "patch_size": vision["patch_size"],
            "hidden_size": width,
            "intermediate_size": int(width * vision.get("mlp_ratio", 4.0)),
            "num_hidden_layers": layers,
            "num_attention_heads": width // vision.get("head_width", 64),
            "hidden_act": _activation(vision, activation),
            "layer_norm_eps": _epsilon(vision, 1e-5),
        },
        projection_dim=model["embed_dim"],
    )


def _siglip_config(vision: dict[str, Any], text: dict[str, Any], tokenizer: Any) -> Any:
    from transformers import SiglipConfig

    name = _TIMM_SIGLIP.fullmatch(vision["timm_model_name"])
    is_usual = text.get("no_causal_mask") and text.get("proj_bias") and text.get("pool_type") == "last"
    if name is None or not is_usual or vision.get("timm_proj", "none") != "none":
        raise EncoderError(
            f"Tandem cannot load a picture tower of the kind {vision['timm_model_name']}. Name a CLIP with a "
            "vision transformer, or a SigLIP."
        )
    width, layers, heads, inner = _TIMM_SIZES[name["size"]]
    return SiglipConfig(
        text_config=_text_sizes(text, tokenizer, "gelu") | {"projection_size": width},
        vision_config={
            "image_size": vision["image_size"],
            "patch_size": int(name["patch"]),
            "hidden_size": width,
            "intermediate_size": inner,
            "num_hidden_layers": layers,
            "num_attention_heads": heads,
            "hidden_act": "gelu",
            "layer_norm_eps": 1e-6,
        },
    )


def _text_sizes(text: dict[str, Any], tokenizer: Any, activation: str) -> dict[str, Any]:
    """What the text towers of CLIP and SigLIP have alike."""
    return {
        "vocab_size": text["vocab_size"],
        "hidden_size": text["width"],
        "intermediate_size": int(text["width"] * text.get("mlp_ratio", 4.0)),
        "num_hidden_layers": text["layers"],
        "num_attention_heads": text["heads"],
        "max_position_embeddings": text["context_length"],
        "hidden_act": _activation(text, activation),
        "layer_norm_eps": _epsilon(text, 1e-5),
        "pad_token_id": tokenizer.pad_token_id,
    }


def _activation(tower: dict[str, Any], usual: str) -> str:
    given = tower.get("act_kwargs") or {}
    return "gelu_pytorch_tanh" if given.get("approximate") == "tanh" else usual


def _epsilon(tower: dict[str, Any], usual: float) -> float:
    given = tower.get("norm_kwargs") or {}
    return cast("float", given.get("eps", usual))


def image_processor(settings: dict[str, Any]) -> Any:
    """Resizes and normalises as ``preprocess_cfg`` says; by default as CLIP does."""
    from transformers.models.clip.image_processing_pil_clip import CLIPImageProcessorPil

    given = settings.get("preprocess_cfg") or {}
    size = settings["model_cfg"]["vision_cfg"]["image_size"]
    mode = given.get("resize_mode", "shortest")
    if mode not in ("shortest", "squash"):
        raise EncoderError(f"Tandem cannot resize pictures in OpenCLIP's mode {mode!r}.")
    squared = {"height": size, "width": size}
    make = cast("Any", CLIPImageProcessorPil)
    return make(
        size=squared if mode == "squash" else {"shortest_edge": size},
        crop_size=squared,
        do_center_crop=mode == "shortest",
        resample=_RESAMPLING[given.get("interpolation", "bicubic")],
        image_mean=list(given.get("mean", _CLIP_MEAN)),
        image_std=list(given.get("std", _CLIP_STD)),
    )
