"""Feeds behind addresses, kept in DATA_DIR and transferred again only when they changed."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from django.conf import settings

from catalog.fetching import Answer, open_url
from catalog.sources.base import SourceError

MAX_FEED_BYTES = 4 * 2**30
FEED_SECONDS = 1800


def download(name: str, url: str) -> Path:
    """The current feed behind ``url`` as a file in DATA_DIR; not transferred again while the server reports
    it as unchanged (ETag, Last-Modified) and the file is as it was written. Raises SourceError.
    """
    stem = f"{name}-{hashlib.sha256(url.encode()).hexdigest()[:12]}"
    folder: Path = settings.DATA_DIR / "feeds"
    folder.mkdir(parents=True, exist_ok=True)
    feed, state = folder / f"{stem}.feed", folder / f"{stem}.json"
    headers = {**_conditions(feed, state), "Accept-Encoding": "gzip"}
    with open_url(url, max_bytes=MAX_FEED_BYTES, seconds=FEED_SECONDS, headers=headers) as answer:
        if answer.unchanged:
            return feed
        # Without its state a half-replaced feed is fetched anew.
        state.unlink(missing_ok=True)
        part = folder / f"{stem}.part"
        try:
            with part.open("wb") as file:
                # A feed in gzip is unpacked like a file, which tells where it breaks off.
                is_gzip = answer.header("Content-Encoding").strip().lower() in ("gzip", "x-gzip")
                file.writelines(answer.chunks(decoded=not is_gzip))
            _check_complete(answer, part)
            part.replace(feed)
        finally:
            part.unlink(missing_ok=True)
        etag, modified = answer.header("ETag"), answer.header("Last-Modified")
        state.write_text(json.dumps({"etag": etag, "modified": modified, "sha256": _sha256_of(feed)}))
    return feed


def _conditions(feed: Path, state: Path) -> dict[str, str]:
    if not (feed.is_file() and state.is_file()):
        return {}
    try:
        known = json.loads(state.read_text())
    except ValueError:
        return {}  # cut off by a crash
    if known.get("sha256") != _sha256_of(feed):
        # It lost bytes here, in a power cut perhaps: what they named would look like vanished products.
        return {}
    headers = {"If-None-Match": known.get("etag"), "If-Modified-Since": known.get("modified")}
    return {name: value for name, value in headers.items() if value}


def _sha256_of(feed: Path) -> str:
    with feed.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _check_complete(answer: Answer, part: Path) -> None:
    """A connection that ends early would look like products that vanished."""
    stated = answer.header("Content-Length")
    if stated.isdigit() and part.stat().st_size < int(stated):
        raise SourceError("The feed broke off before its end.", permanent=False)
