"""The checksums beside a model's files, in the format of ``sha256sum``.

One flipped byte in the weights gives vectors that look right and mean nothing. Whoever changes the files of
the bundled model writes them anew: ``python -m search.encoding.checksums FOLDER``.
"""

from __future__ import annotations

import hashlib
import sys
from pathlib import Path

SUMS_FILE = "SHA256SUMS"
# For people alone.
_UNCHECKED = {SUMS_FILE, "README.md"}


def damaged_file(folder: Path) -> str | None:
    """The name of a file that is not the one whose checksum is kept, or None. Raises OSError without any."""
    for line in (folder / SUMS_FILE).read_text("ascii").splitlines():
        digest, _space, name = line.partition("  ")
        if not (folder / name).is_file() or _sha256(folder / name) != digest:
            return name
    return None


def write_sums(folder: Path) -> None:
    files = sorted(file for file in folder.iterdir() if file.is_file() and file.name not in _UNCHECKED)
    lines = [f"{_sha256(file)}  {file.name}\n" for file in files]
    (folder / SUMS_FILE).write_text("".join(lines), "ascii")


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


if __name__ == "__main__":
    write_sums(Path(sys.argv[1]))
