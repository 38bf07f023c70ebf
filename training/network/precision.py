"""What the networks compute in: bfloat16, or float32 on processors that would only emulate it.

There a step takes minutes where float32 takes seconds. What is kept between steps is bfloat16 on both, so
that the folders of a run may move.
"""

import torch

# The name that torch's own compiler asks by; there is no public one.
COMPUTES_BFLOAT16 = bool(torch.ops.mkldnn._is_mkldnn_bf16_supported())


def reduced() -> torch.autocast:
    """A context in which the networks compute in bfloat16, where that is faster."""
    return torch.autocast("cpu", dtype=torch.bfloat16, enabled=COMPUTES_BFLOAT16)


def computable(kept: torch.Tensor) -> torch.Tensor:
    """bfloat16 of any shape, as it is kept, in the type that is computed in."""
    return kept if COMPUTES_BFLOAT16 else kept.float()
