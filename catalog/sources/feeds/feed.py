"""A product feed, file or address, as source: CSV, TSV, JSON Lines, Google Merchant XML (docs/feeds.md)."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urljoin

from django.conf import settings

from catalog.fetching import Answer, fetch, open_url
from catalog.sources.base import InvalidProduct, Offer, Rejected, SourceError, SourceProduct
from catalog.sources.feeds.formats import Row, read_rows
from catalog.sources.feeds.mapping import COLUMNS, read_product, stated_id

MAX_FEED_BYTES = 4 * 2**30
FEED_SECONDS = 1800
IMAGE_SECONDS = 30


class FeedSource:
    """The feed at ``address``: a path, or an http(s) URL whose last download is kept and revalidated.

    ``now`` decides whether dated sales are on. Pictures are addresses, or paths relative to the feed
    that may not leave its folder.
    """

    def __init__(self, name: str, address: str, *, now: datetime) -> None:
        self.name = name
        self.address = address
        self.now = now
        self.is_remote = is_url(address)
        self._folder = Path() if self.is_remote else Path(address).resolve().parent

    def products(self, *, since: datetime | None = None) -> Iterator[SourceProduct | Rejected]:
        """Every row; a feed states no times of change, so ``since`` narrows nothing."""
        path = download(self.name, self.address) if self.is_remote else Path(self.address)
        try:
            for row in read_rows(path, check_header=check_header):
                yield self._product(row) if isinstance(row, Row) else row
        except OSError as error:
            message = f"The feed {self.address} cannot be read: {error.strerror or error}."
            raise SourceError(message, permanent=True) from error

    def _product(self, row: Row) -> SourceProduct | Rejected:
        try:
            return read_product(row, currency=settings.DEFAULT_CURRENCY, now=self.now)
        except InvalidProduct as error:
            return Rejected(row.line, stated_id(row), str(error))

    def image(self, address: str) -> bytes:
        if self.is_remote or is_url(address):
            url = urljoin(self.address, address) if self.is_remote else address
            return fetch(url, max_bytes=settings.MAX_UPLOAD_BYTES, seconds=IMAGE_SECONDS)
        path = self._inside(address)
        try:
            with path.open("rb") as file:
                # One byte more shows that there is more; open_image() then refuses it.
                return file.read(settings.MAX_UPLOAD_BYTES + 1)
        except OSError as error:
            raise SourceError(f"The file cannot be read: {error.strerror}.", permanent=True) from error

    def image_is_newer(self, address: str, than: datetime) -> bool:
        """By the file's time; a picture at an address is taken as unchanged."""
        if self.is_remote or is_url(address):
            return False
        try:
            return datetime.fromtimestamp(self._inside(address).stat().st_mtime, UTC) > than
        except (SourceError, OSError):
            return False  # a file that went missing leaves the picture that was kept

    def offer(self, external_id: str, style_id: str) -> Offer | None:
        """None: a feed holds no prices of this moment."""
        return None

    def _inside(self, address: str) -> Path:
        """The file a relative path names, links followed. Raises SourceError outside the feed's folder."""
        try:
            path = (self._folder / address).resolve()
            is_file = path.is_file()
        except (ValueError, OSError) as error:
            raise SourceError("This is not a path.", permanent=True) from error
        if not path.is_relative_to(self._folder):
            raise SourceError("The path leads out of the feed's folder.", permanent=True)
        if not is_file:
            raise SourceError("There is no such file.", permanent=True)
        return path


def is_url(address: str) -> bool:
    return address.lower().startswith(("http://", "https://"))


def check_header(columns: list[str]) -> None:
    """Raises SourceError when no column can be an id or a title: then every row would be refused."""
    for field, what in (("external_id", "id"), ("title", "title")):
        if not set(COLUMNS[field]) & set(columns):
            found = ", ".join(columns)[:300]
            message = (
                f"The feed has no column for the {what}; it has: {found}. docs/feeds.md lists the names."
            )
            raise SourceError(message, permanent=True)


def download(name: str, url: str) -> Path:
    """The current feed behind ``url`` as a file in DATA_DIR; not transferred again while the server reports
    it as unchanged (ETag, Last-Modified). Raises SourceError.
    """
    stem = f"{name}-{hashlib.sha256(url.encode()).hexdigest()[:12]}"
    folder: Path = settings.DATA_DIR / "feeds"
    folder.mkdir(parents=True, exist_ok=True)
    feed, state = folder / f"{stem}.feed", folder / f"{stem}.json"
    headers = _conditions(feed, state)
    with open_url(url, max_bytes=MAX_FEED_BYTES, seconds=FEED_SECONDS, headers=headers) as answer:
        if answer.unchanged:
            return feed
        # Without its state a half-replaced feed is fetched anew.
        state.unlink(missing_ok=True)
        part = folder / f"{stem}.part"
        try:
            with part.open("wb") as file:
                file.writelines(answer.chunks())
            _check_complete(answer, part)
            part.replace(feed)
        finally:
            part.unlink(missing_ok=True)
        state.write_text(
            json.dumps({"etag": answer.header("ETag"), "modified": answer.header("Last-Modified")})
        )
    return feed


def _conditions(feed: Path, state: Path) -> dict[str, str]:
    if not (feed.is_file() and state.is_file()):
        return {}
    try:
        known = json.loads(state.read_text())
    except ValueError:
        return {}  # cut off by a crash
    headers = {"If-None-Match": known.get("etag"), "If-Modified-Since": known.get("modified")}
    return {name: value for name, value in headers.items() if value}


def _check_complete(answer: Answer, part: Path) -> None:
    """A connection that ends early would look like products that vanished."""
    stated = answer.header("Content-Length")
    if stated.isdigit() and not answer.header("Content-Encoding") and part.stat().st_size < int(stated):
        raise SourceError("The feed broke off before its end.", permanent=False)
