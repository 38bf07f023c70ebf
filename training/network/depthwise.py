"""A depthwise convolution whose gradients are fast in bfloat16 on a CPU.

Two of oneDNN's paths are slow there and dominate the training time: the weight gradient of a 5 x 5 kernel
(60 ms for 64 pictures of 672 channels, 14 x 14), computed here from four overlapping 3 x 3 ones (14 ms), and
the input gradient of a convolution of stride 2 (163 ms), which equals a plain convolution of the dilated
gradient with the flipped kernel (4 ms).
"""

from collections.abc import Callable
from typing import Any, cast

import torch
from torch.nn import functional


class _Depthwise(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, x: torch.Tensor, weight: torch.Tensor, stride: int, padding: int) -> torch.Tensor:
        ctx.save_for_backward(x, weight)
        ctx.stride, ctx.padding = stride, padding
        return functional.conv2d(x, weight, None, stride, padding, groups=len(weight))

    @staticmethod
    def backward(ctx: Any, gradient: torch.Tensor) -> tuple[torch.Tensor | None, torch.Tensor, None, None]:
        x, weight = ctx.saved_tensors
        gradient = gradient.contiguous(memory_format=torch.channels_last)
        steps = ctx.stride, ctx.padding
        of_input = _input_gradient(x, weight, gradient, *steps) if ctx.needs_input_grad[0] else None
        return of_input, _weight_gradient(x, weight, gradient, *steps), None, None


_apply = cast("Callable[[torch.Tensor, torch.Tensor, int, int], torch.Tensor]", _Depthwise.apply)


def depthwise(x: torch.Tensor, weight: torch.Tensor, stride: int, padding: int = 0) -> torch.Tensor:
    """Convolve (n, c, h, w) with (c, 1, k, k); k is 3 or 5.

    `padding` zeros go on every side at stride 1; at stride 2 the input must be padded already.
    """
    # A custom function is not on autocast's list, so the cast is done here.
    if torch.is_autocast_enabled("cpu"):
        dtype = torch.get_autocast_dtype("cpu")
        x, weight = x.to(dtype), weight.to(dtype)
    return _apply(x, weight, stride, padding)


def _input_gradient(
    x: torch.Tensor, weight: torch.Tensor, gradient: torch.Tensor, stride: int, padding: int
) -> torch.Tensor:
    size = weight.shape[-1]
    if stride > 1:
        height, width = ((edge - 1) * stride + 1 for edge in gradient.shape[2:])
        dilated = gradient.new_zeros(*gradient.shape[:2], height, width).to(memory_format=torch.channels_last)
        dilated[:, :, ::stride, ::stride] = gradient
        gradient = dilated
    around = size - 1 - padding
    full = functional.conv2d(gradient, weight.flip(2, 3), None, 1, around, groups=len(weight))
    if full.shape == x.shape:
        return full
    # With an odd remainder no kernel reached the last row and column.
    return functional.pad(full, (0, x.shape[3] - full.shape[3], 0, x.shape[2] - full.shape[2]))


def _weight_gradient(
    x: torch.Tensor, weight: torch.Tensor, gradient: torch.Tensor, stride: int, padding: int
) -> torch.Tensor:
    if weight.shape[-1] == 3:
        return _small_weight_gradient(x, gradient, stride, padding)
    x = functional.pad(x, (padding,) * 4) if padding else x
    result = torch.empty_like(weight)
    # Four 3 x 3 windows, two pixels apart, cover the 5 x 5 kernel.
    corners = range(0, weight.shape[-1] - 2, 2)
    height, width = ((edge - 1) * stride + 3 for edge in gradient.shape[2:])
    for top in corners:
        for left in corners:
            part = x[:, :, top : top + height, left : left + width]
            result[:, :, top : top + 3, left : left + 3] = _small_weight_gradient(part, gradient, stride, 0)
    return result


def _small_weight_gradient(
    x: torch.Tensor, gradient: torch.Tensor, stride: int, padding: int
) -> torch.Tensor:
    x = x.contiguous(memory_format=torch.channels_last)
    channels = x.shape[1]
    wanted = [False, True, False]  # of the gradients of input, weight and bias
    stride_padding_dilation = [stride] * 2, [padding] * 2, [1, 1]
    is_transposed, output_padding = False, [0, 0]
    weight = x.new_zeros(channels, 1, 3, 3)
    gradients = torch.ops.aten.convolution_backward(
        gradient, x, weight, None, *stride_padding_dilation, is_transposed, output_padding, channels, wanted
    )
    return cast("torch.Tensor", gradients[1])
