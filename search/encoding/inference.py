"""Optimise a loaded model for inference on a CPU: fewer passes over memory, the same vectors.

transformers keeps a model as it was trained. Each call then computes batch norms that could be part of
their convolutions and squeeze-and-excitation gates that always multiply by 1, copies whole feature maps
only to pad two sides with zeros, and reorders the weights for the matrix product. Decision record 7 in
docs/adr has the time that each of them takes.
"""

from __future__ import annotations

import platform
from collections.abc import Callable
from typing import Any, cast

import torch
from torch import nn
from torch.nn import functional
from torch.nn.utils.fusion import fuse_conv_bn_eval

# Convolution, batch norm, activation and padding as transformers' EfficientNet names them, layer by layer.
LAYERS = (
    ("convolution", "batchnorm", "activation", "padding"),
    ("expand_conv", "expand_bn", "expand_act", ""),
    ("depthwise_conv", "depthwise_norm", "depthwise_act", "depthwise_conv_pad"),
    ("project_conv", "project_bn", "", ""),
    ("top_conv", "top_bn", "top_activation", ""),
)


def optimise(model: nn.Module) -> None:
    """Change `model` (in evaluation mode) in place; it must not be trained or saved afterwards.

    Its vectors stay the same except for rounding (a relative error of about 1e-6). Weights must be finite,
    because the fused clipping hides a NaN. Steps that do not apply to the model or its device are skipped.
    """
    packs = _can_pack(model)
    # Convolutions are an eighth faster with channels last.
    cast("Any", model).to(memory_format=torch.channels_last)
    for module in list(model.modules()):
        for convolution, norm, activation, padding in LAYERS:
            # A module without a norm of this name is of another model and may apply its layers in any order.
            if isinstance(getattr(module, norm, None), nn.BatchNorm2d):
                _fold_norm(module, convolution, norm, activation)
                _fuse_padding(module, convolution, padding)
                if packs:
                    _pack_convolution(module, convolution, activation)
        if _is_identity(getattr(module, "squeeze_excite", None)):
            module.squeeze_excite = nn.Identity()
    if packs:
        _pack_linear(model)


def _fold_norm(module: nn.Module, convolution: str, norm: str, activation: str) -> None:
    """Multiply the batch norm into the convolution before it, and apply the activation in place."""
    setattr(module, convolution, fuse_conv_bn_eval(getattr(module, convolution), getattr(module, norm)))
    setattr(module, norm, nn.Identity())
    if hasattr(getattr(module, activation, None), "inplace"):
        # Safe, because no other layer reads the convolution's output.
        getattr(module, activation).inplace = True


def _fuse_padding(module: nn.Module, convolution: str, padding: str) -> None:
    """Let a strided convolution pad its input itself, which saves a copy of the input.

    A convolution pads both ends of an axis alike. Where one more zero is needed at the end, one more is
    added at the start as well, and a first row and column of zeros in the kernel skip it.
    """
    conv, pad = getattr(module, convolution), getattr(module, padding, None)
    # transformers applies this padding only to strided convolutions.
    if not isinstance(pad, nn.ZeroPad2d) or conv.stride == (1, 1) or conv.padding not in ("valid", (0, 0)):
        return
    left, right, top, bottom = pad.padding
    more = right - left
    if (left, right) != (top, bottom) or more not in (0, 1):
        return
    wider = functional.pad(conv.weight.detach(), (more, 0, more, 0))
    conv.weight = nn.Parameter(wider.contiguous(memory_format=torch.channels_last), requires_grad=False)
    conv.padding = (right, right)
    setattr(module, padding, nn.Identity())


def _is_identity(gate: Any) -> bool:
    """Whether a squeeze-and-excitation gate multiplies every input by exactly 1."""
    last = getattr(gate, "expand", None)
    return last is not None and not last.weight.any() and bool((last.bias.sigmoid() == 1).all())


def _can_pack(model: nn.Module) -> bool:
    """Whether weights can be packed: in float32, on an x86-64 CPU with oneDNN and FBGEMM."""
    parameter = next(model.parameters())
    # torch leaves this function without annotations.
    has_onednn = cast("Callable[[], bool]", torch.backends.mkldnn.is_available)
    return (
        parameter.device.type == "cpu"
        and parameter.dtype == torch.float32
        and has_onednn()
        and torch.backends.quantized.engine in ("x86", "fbgemm")
        and platform.machine() in ("x86_64", "AMD64")
    )


def _pack_convolution(module: nn.Module, convolution: str, activation: str) -> None:
    is_clipped = isinstance(getattr(module, activation, None), nn.ReLU6)
    packed = PackedConvolution(getattr(module, convolution), then_relu6=is_clipped)
    setattr(module, convolution, packed)
    if is_clipped:
        setattr(module, activation, nn.Identity())


def _pack_linear(module: nn.Module) -> None:
    for name, child in module.named_children():
        # Code that uses a subclass may read its weights without calling forward().
        if type(child) is not nn.Linear:
            _pack_linear(child)
        elif torch.equal(child.weight.half().float(), child.weight):
            setattr(module, name, HalfLinear(child))


class PackedConvolution(nn.Module):
    """A convolution, and the ReLU6 after it, in one pass of oneDNN: (n, c, h, w) float32 in and out.

    torch.compile emits the same operators for a frozen convolution, but needs a C++ compiler at run time.
    """

    def __init__(self, conv: nn.Conv2d, *, then_relu6: bool) -> None:
        super().__init__()
        self.bias = conv.bias
        self._geometry = (_padding(conv), list(conv.stride), list(conv.dilation), conv.groups)
        self._then: tuple[str, list[float], str] = (
            ("hardtanh", [0.0, 6.0], "") if then_relu6 else ("none", [], "")
        )
        self._packed = torch.ops.mkldnn._reorder_convolution_weight(conv.weight.detach(), *self._geometry)

    def forward(self, maps: torch.Tensor) -> torch.Tensor:
        convolve = torch.ops.mkldnn._convolution_pointwise.default
        return cast("torch.Tensor", convolve(maps, self._packed, self.bias, *self._geometry, *self._then))


def _padding(conv: nn.Conv2d) -> list[int]:
    """The number of zeros added to each end of the height and of the width."""
    if conv.padding == "valid":
        return [0, 0]
    if conv.padding == "same":
        # torch allows "same" only without strides; transformers' kernels have odd sides.
        return [
            spread * (side - 1) // 2 for spread, side in zip(conv.dilation, conv.kernel_size, strict=True)
        ]
    return [int(cells) for cells in conv.padding]


class HalfLinear(nn.Module):
    """A linear layer with weights packed in float16 for FBGEMM: (…, k, n) rows in, (…, k, m) out.

    Only for weights that float16 does not round, as in a checkpoint saved in it; rows, sums and results
    are float32. One query reads every weight once, so halving their bytes shortens it considerably. The
    operators are those of torch's dynamic float16 quantisation.
    """

    def __init__(self, linear: nn.Linear) -> None:
        super().__init__()
        self._packed = torch.ops.quantized.linear_prepack_fp16(linear.weight.detach(), linear.bias)

    @property
    def weight(self) -> torch.Tensor:
        """(m, n) float32, unpacked at every access, for models that read a layer's weights."""
        return cast("torch.Tensor", torch.ops.quantized.linear_unpack_fp16(self._packed)[0])

    @property
    def bias(self) -> torch.Tensor | None:
        """(m,), or None."""
        return cast("torch.Tensor | None", torch.ops.quantized.linear_unpack_fp16(self._packed)[1])

    def forward(self, rows: torch.Tensor) -> torch.Tensor:
        multiply = torch.ops.quantized.linear_dynamic_fp16.default
        return cast("torch.Tensor", multiply(rows, self._packed))
