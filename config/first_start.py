"""What ``make setup`` does before Django can start: a folder for data and a secret key of its own."""

import os
import secrets
from pathlib import Path


def write_secret_key(data_dir: Path) -> None:
    """Make ``secret_key`` in the data folder, readable by its owner alone; an existing one is kept."""
    data_dir.mkdir(parents=True, exist_ok=True)
    try:
        descriptor = os.open(data_dir / "secret_key", os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return
    with os.fdopen(descriptor, "w") as file:
        file.write(secrets.token_urlsafe(64))


if __name__ == "__main__":
    write_secret_key(Path(os.environ.get("DATA_DIR") or Path(__file__).resolve().parent.parent / "var"))
