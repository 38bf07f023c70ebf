"""The held-out split: products that the bundled encoder was not trained on, to measure it on."""

from __future__ import annotations

import hashlib

# One in four by a hash of its id, so that the split stays the same when products are added.
HELD_OUT = 4


def is_held_out(name: str) -> bool:
    """``name`` is an external id, or a photo's file name without its ending."""
    return int(hashlib.sha1(name.encode(), usedforsecurity=False).hexdigest(), 16) % HELD_OUT == 0
