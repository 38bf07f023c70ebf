"""The C library's memory allocation, tuned for the model."""

from __future__ import annotations

import ctypes

# From glibc's malloc.h.
_M_TRIM_THRESHOLD, _M_TOP_PAD, _M_MMAP_THRESHOLD, _M_ARENA_MAX = -1, -2, -3, -8
_MIB = 1 << 20


def keep_pages() -> bool:
    """Keep freed memory in a process that encodes in bulk; false where the C library cannot.

    By default glibc returns the large blocks of every layer to the kernel, which clears them for the next
    layer: half the time of a batch was spent on page faults (30 pictures a second without this, 78 with it).
    """
    # One arena for all threads: a thread's own cannot grow beyond 64 MiB and would still map large blocks.
    return _set(
        {
            _M_ARENA_MAX: 1,
            _M_MMAP_THRESHOLD: 1024 * _MIB,
            _M_TRIM_THRESHOLD: 2048 * _MIB - 1,
            _M_TOP_PAD: 64 * _MIB,
        }
    )


def return_large_blocks() -> bool:
    """Give large freed blocks, as of decoded pictures, back to the kernel at once in a process that serves;
    false where the C library cannot.

    Call it before the first thread starts. By default each thread has an arena that keeps what it once took,
    and glibc learns from the first freed block how large those are that it keeps; Pillow's are of 16 MiB.
    After hostile pictures a server kept 360 MiB with an arena for each thread, and 140 with two. The blocks
    of a model's layers, for one picture, are smaller than the threshold and stay: encoding takes 5 % longer,
    and up to half as long again where freed memory is trimmed as by default.
    """
    return _set({_M_ARENA_MAX: 2, _M_MMAP_THRESHOLD: 14 * _MIB, _M_TRIM_THRESHOLD: 64 * _MIB})


def return_freed() -> bool:
    """Give all that was freed back to the kernel, once, as after loading a model; false where it cannot."""
    try:
        return bool(ctypes.CDLL(None).malloc_trim(0))
    except (OSError, AttributeError):
        return False


def _set(options: dict[int, int]) -> bool:
    try:
        mallopt = ctypes.CDLL(None).mallopt
    except (OSError, AttributeError):
        return False
    # mallopt returns 1 on success; summed, so that one failure does not keep the others from being set.
    return bool(sum(mallopt(option, value) for option, value in options.items()) == len(options))
