"""Progress of a long command: a bar on a terminal, a line for every tenth elsewhere."""

from __future__ import annotations

from typing import Any

from tqdm import tqdm

# Percentage points between two plain lines.
PLAIN_STEP = 10


class Display:
    """Called with (done, total), shows it on ``out``: "Embedding" of "products" that are "embedded"."""

    def __init__(self, out: Any, *, doing: str, things: str, done: str) -> None:
        self._out = out
        self._doing, self._things, self._done = doing, things, done
        self._bar: Any = None
        self._shown = 0

    def __call__(self, done: int, total: int) -> None:
        if self._out.isatty():
            self._bar = self._bar or tqdm(total=total, unit=f" {self._things}", desc=self._doing, leave=False)
            self._bar.update(done - self._bar.n)
            if done >= total:
                self._bar.close()
            return
        percent = 100 * done // max(1, total)
        if percent >= self._shown + PLAIN_STEP or done >= total:
            self._shown = percent - percent % PLAIN_STEP
            self._out.write(f"{done} of {total} {self._things} {self._done}")
