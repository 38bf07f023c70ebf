"""How the C library hands memory to the model."""

from __future__ import annotations

import ctypes

# From glibc's malloc.h.
_M_TRIM_THRESHOLD, _M_TOP_PAD, _M_MMAP_THRESHOLD, _M_ARENA_MAX = -1, -2, -3, -8


def keep_pages() -> bool:
    """Keep freed memory in the process, for one that encodes in bulk; false where the C library cannot.

    By default glibc returns the large blocks of every layer to the kernel, which clears them again for the
    next: half the time of a batch was spent on page faults (30 pictures a second without, 78 with).
    """
    try:
        mallopt = ctypes.CDLL(None).mallopt
    except (OSError, AttributeError):
        return False
    # Threads' own arenas cannot grow beyond 64 MiB and would map large blocks nevertheless.
    chosen = {_M_ARENA_MAX: 1, _M_MMAP_THRESHOLD: 1 << 30, _M_TRIM_THRESHOLD: 2**31 - 1, _M_TOP_PAD: 64 << 20}
    return sum(mallopt(option, value) for option, value in chosen.items()) == len(chosen)
