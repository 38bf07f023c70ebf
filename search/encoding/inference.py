"""A loaded model laid out for inference on a processor: fewer passes over memory, the same vectors.

transformers keeps a model as it was trained. At every call that costs batch norms beside the convolutions
they could be part of, gates of squeeze-and-excitation that stand open, copies of whole maps only to put
zeros at two of their sides, and weights that the matrix product sorts anew.
docs/adr/0007-optimising-for-inference.md has what each of them takes.
"""

from __future__ import annotations

import platform
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
    """Change `model`, which is in evaluation mode, for inference; it must not be trained or saved afterwards.

    Its vectors stay the same but for rounding (about a relative 1e-6). Weights must be finite: clipping here
    hides a NaN. What a model does not have is left out, and what does not pay on its device.
    """
    packs = _packs(model)
    # Convolutions are an eighth faster with channels last.
    cast("Any", model).to(memory_format=torch.channels_last)
    for module in list(model.modules()):
        for convolution, norm, activation, padding in LAYERS:
            # One that has no norm of this name is another model's, and may not do these in a row.
            if isinstance(getattr(module, norm, None), nn.BatchNorm2d):
                _fold_norm(module, convolution, norm, activation)
                _take_padding(module, convolution, padding)
                if packs:
                    _pack_convolution(module, convolution, activation)
        if _is_open(getattr(module, "squeeze_excite", None)):
            module.squeeze_excite = nn.Identity()
    if packs:
        _pack_linear(model)


def _fold_norm(module: nn.Module, convolution: str, norm: str, activation: str) -> None:
    """Multiply the batch norm into the convolution before it; what is left writes over its own input."""
    setattr(module, convolution, fuse_conv_bn_eval(getattr(module, convolution), getattr(module, norm)))
    setattr(module, norm, nn.Identity())
    if hasattr(getattr(module, activation, None), "inplace"):
        # Nothing else reads what the convolution gave.
        getattr(module, activation).inplace = True


def _take_padding(module: nn.Module, convolution: str, padding: str) -> None:
    """Let a strided convolution put the zeros around its input itself, which takes no copy of it.

    It can only put as many before as after. Where one more is wanted after, one more goes before as well,
    and a first row and column of zeros in its kernel pass over that.
    """
    conv, pad = getattr(module, convolution), getattr(module, padding, None)
    # Without strides, transformers leaves this padding out.
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


def _is_open(gate: Any) -> bool:
    """Whether a squeeze-and-excitation gate multiplies by exactly 1 whatever it is shown."""
    last = getattr(gate, "expand", None)
    return last is not None and not last.weight.any() and bool((last.bias.sigmoid() == 1).all())


def _packs(model: nn.Module) -> bool:
    """Whether weights are packed: on x86-64, where oneDNN and FBGEMM are, and in single precision."""
    parameter = next(model.parameters())
    return (
        parameter.device.type == "cpu"
        and parameter.dtype == torch.float32
        and torch.backends.mkldnn.is_available()
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
        # A subclass may be there because somebody reads its weights past its forward().
        if type(child) is not nn.Linear:
            _pack_linear(child)
        elif torch.equal(child.weight.half().float(), child.weight):
            setattr(module, name, HalfLinear(child))


class PackedConvolution(nn.Module):
    """A convolution, and the ReLU6 after it, in one pass of oneDNN: (n, c, h, w) float32 in and out.

    These operators are those that torch.compile emits for a frozen convolution, which would need a C++
    compiler wherever the shop runs.
    """

    def __init__(self, conv: nn.Conv2d, *, then_relu6: bool) -> None:
        super().__init__()
        self.bias = conv.bias
        self._shape = (_cells_around(conv), list(conv.stride), list(conv.dilation), conv.groups)
        self._then: tuple[str, list[float], str] = (
            ("hardtanh", [0.0, 6.0], "") if then_relu6 else ("none", [], "")
        )
        self._packed = torch.ops.mkldnn._reorder_convolution_weight(conv.weight.detach(), *self._shape)

    def forward(self, maps: torch.Tensor) -> torch.Tensor:
        """Convolve, add the bias, clip where the ReLU6 did."""
        convolve = torch.ops.mkldnn._convolution_pointwise.default
        return cast("torch.Tensor", convolve(maps, self._packed, self.bias, *self._shape, *self._then))


def _cells_around(conv: nn.Conv2d) -> list[int]:
    """How many zeros its padding is on each side, by height and width."""
    if conv.padding == "valid":
        return [0, 0]
    if conv.padding == "same":
        # torch allows this without strides only; transformers' kernels are odd.
        return [
            spread * (side - 1) // 2 for spread, side in zip(conv.dilation, conv.kernel_size, strict=True)
        ]
    return [int(cells) for cells in conv.padding]


class HalfLinear(nn.Module):
    """A linear layer whose weights lie in half precision for FBGEMM: (…, k, n) rows in, (…, k, m) out.

    Only for weights that half precision does not round, as they come from a checkpoint that was saved in it;
    rows, sums and results are float32. One query reads every weight once, so half as many bytes are a good
    part of its time. The operators are those of torch's dynamic float16 quantisation.
    """

    def __init__(self, linear: nn.Linear) -> None:
        super().__init__()
        self._packed = torch.ops.quantized.linear_prepack_fp16(linear.weight.detach(), linear.bias)

    @property
    def weight(self) -> torch.Tensor:
        """(m, n) float32, unpacked at every call: for models that look at a layer's weights."""
        return cast("torch.Tensor", torch.ops.quantized.linear_unpack_fp16(self._packed)[0])

    @property
    def bias(self) -> torch.Tensor | None:
        """(m,), or None."""
        return cast("torch.Tensor | None", torch.ops.quantized.linear_unpack_fp16(self._packed)[1])

    def forward(self, rows: torch.Tensor) -> torch.Tensor:
        """Multiply and add the bias."""
        multiply = torch.ops.quantized.linear_dynamic_fp16.default
        return cast("torch.Tensor", multiply(rows, self._packed))
