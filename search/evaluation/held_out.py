"""Which products the bundled encoder never saw in training, so that it can be measured on them."""

from __future__ import annotations

import hashlib

# One in four, chosen by its id, so that the split survives a longer collection.
HELD_OUT = 4


def is_held_out(name: str) -> bool:
    """Whether the product or photo of this name (an external id, or a file name without its ending) was kept
    out of training.
    """
    return int(hashlib.sha1(name.encode(), usedforsecurity=False).hexdigest(), 16) % HELD_OUT == 0
