"""A product feed, file or address, as source: any format and kind of export (docs/feeds.md)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urljoin

from django.conf import settings
from django.utils.functional import cached_property

from catalog.fetching import FetchedPicture, PictureVersion, fetch_picture, host_of
from catalog.sources.base import InvalidProduct, Offer, Rejected, SourceError, SourceRow
from catalog.sources.feeds.columns import feed_columns, missing_fields
from catalog.sources.feeds.dialects import dialect_of, is_export
from catalog.sources.feeds.dialects.base import Dialect
from catalog.sources.feeds.download import download
from catalog.sources.feeds.formats.feed_file import FeedFile, opened
from catalog.sources.feeds.languages import Languages, without_tags
from catalog.sources.feeds.options import FeedOptions, InvalidOptions, is_url
from catalog.sources.feeds.reading import Reading, Survey, numeric_columns
from catalog.sources.feeds.review import review
from catalog.sources.feeds.rows import Row


class FeedSource:
    """The feed at ``address``: a path, or an http(s) URL whose last download is kept and revalidated.

    ``now`` decides whether dated sales are on. Pictures are addresses, or paths relative to the feed
    that may not leave its folder. ``options`` gives what the feed's columns do not say.
    """

    def __init__(
        self, name: str, address: str, *, now: datetime, options: Callable[[], FeedOptions] = FeedOptions
    ) -> None:
        self.name = name
        self.address = address
        self.now = now
        self._load_options = options
        self._notes: list[str] = []
        self.is_remote = is_url(address)
        self._folder = Path() if self.is_remote else Path(address).resolve().parent

    def products(self, *, since: datetime | None = None) -> Iterator[SourceRow]:
        """Every row; a feed states no times of change, so ``since`` narrows nothing."""
        options = self.options
        path = download(self.name, self.address) if self.is_remote else Path(self.address)
        try:
            with opened(path, encoding=options.encoding, is_header=self._is_header) as file:
                yield from self._read(file)
        except OSError as error:
            message = f"The feed {self.address} cannot be read: {error.strerror or error}."
            raise SourceError(message, permanent=True) from error
        except UnicodeError as error:
            message = f"The feed {self.address} is not written in {options.encoding}: {error}."
            raise SourceError(message, permanent=True) from error

    @cached_property
    def options(self) -> FeedOptions:
        try:
            return self._load_options()
        except InvalidOptions as error:
            raise SourceError(str(error), permanent=True) from error

    def _is_header(self, columns: Collection[str]) -> bool:
        names = without_tags(columns)
        return is_export(names) or not missing_fields({*columns, *names}, self.options.columns)

    def _read(self, file: FeedFile) -> Iterator[SourceRow]:
        """The feed is read twice: what its columns hold decides how each value is read."""
        languages = Languages(self.options.language, kept=self.options.columns)
        looked = _Look(self.options, languages)
        try:
            for row in file.rows():
                if isinstance(row, Row):
                    looked.add(languages.read(row), file.columns)
        except SourceError:
            pass  # the second look gives the rows before the break, then fails alike
        columns = languages.columns(file.columns)
        looked.check(columns)
        dialect, reading = looked.dialect, looked.reading(self.now, columns)
        yield from _Groups(dialect, reading, looked.sizes()).read(
            languages.read(row) if isinstance(row, Row) else row for row in file.rows()
        )
        self._notes = [*languages.notes(), *review(file, columns, dialect, reading)]

    def notes(self) -> Sequence[str]:
        """Once every row was read: what the columns tell, in sentences."""
        return self._notes

    def image(self, address: str) -> bytes:
        found = self.image_unless(address, PictureVersion())
        if found is None:
            raise SourceError("The server states that it is unchanged, and was not asked.", permanent=False)
        return found.data

    def image_unless(
        self, address: str, known: PictureVersion, *, seconds: float = 0
    ) -> FetchedPicture | None:
        """As image(), unless the server states that ``known`` is still current."""
        if self.is_remote or is_url(address):
            url = urljoin(self.address, address) if self.is_remote else address
            return fetch_picture(url, known, seconds=seconds)
        path = self._inside(address)
        try:
            with path.open("rb") as file:
                # One byte more shows that there is more; open_image() then refuses it.
                return FetchedPicture(file.read(settings.MAX_UPLOAD_BYTES + 1), PictureVersion())
        except OSError as error:
            raise SourceError(f"The file cannot be read: {error.strerror}.", permanent=True) from error

    def image_host(self, address: str) -> str:
        """The host that serves the picture; "" for a file beside the feed."""
        if not (self.is_remote or is_url(address)):
            return ""
        try:
            return host_of(urljoin(self.address, address) if self.is_remote else address)
        except ValueError:
            return ""

    def image_is_newer(self, address: str, than: datetime) -> bool:
        """By the file's time; a picture at an address is asked for by its ETag now and then."""
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


class _Look:
    """The first look through a feed: its kind, how many rows belong together, what its columns hold."""

    def __init__(self, options: FeedOptions, languages: Languages) -> None:
        self._options = options
        self._languages = languages
        self._survey = Survey(numeric=numeric_columns(options.columns))
        self._keys: Counter[str] = Counter()
        self._dialect: Dialect | None = None

    @property
    def dialect(self) -> Dialect:
        return self._dialect or dialect_of(())

    def add(self, row: Row, columns: Mapping[str, str]) -> None:
        if self._dialect is None:
            self._dialect = dialect_of(self._languages.columns(columns))
        self._survey.add(row)
        key = self._dialect.key(row)
        if key:
            self._keys[key] += 1

    def check(self, columns: Collection[str]) -> None:
        """Raises SourceError when no column can be an id or a title: then every row would be refused."""
        missing = [] if not columns or is_export(columns) else missing_fields(columns, self._options.columns)
        if missing:
            found = ", ".join(columns)[:300]
            raise SourceError(
                f"The feed has no column for the {missing[0]}; it has: {found}. docs/feeds.md lists "
                f"the names, and --map COLUMN={missing[0]} gives another one.",
                permanent=True,
            )

    def sizes(self) -> Counter[str]:
        """How many rows each group has."""
        groups: Counter[str] = Counter()
        for key, count in self._keys.items():
            groups[self.dialect.resolve(key)] += count
        return groups

    def reading(self, now: datetime, columns: Collection[str]) -> Reading:
        options = self._options
        return Reading(
            now=now,
            currency=options.currency or settings.DEFAULT_CURRENCY,
            columns=feed_columns(columns, options.columns, self.dialect.field_columns()),
            survey=self._survey,
            decimal=options.decimal,
            media=options.media,
            mapping=options.columns,
            present=frozenset(columns),
        )


class _Groups:
    """The second look: rows that belong together are read once the last of them came."""

    def __init__(self, dialect: Dialect, reading: Reading, sizes: Counter[str]) -> None:
        self._dialect = dialect
        self._reading = reading
        self._sizes = sizes
        self._waiting: dict[str, list[Row]] = {}

    def read(self, rows: Iterator[Row | Rejected]) -> Iterator[SourceRow]:
        self._dialect.begin()
        for row in rows:
            if isinstance(row, Rejected):
                yield row
                continue
            key = self._dialect.resolve(self._dialect.key(row))
            group = self._waiting.setdefault(key, []) if key else []
            group.append(self._dialect.mapped(row, self._reading.mapping) if self._reading.mapping else row)
            if not key or len(group) >= self._sizes[key]:
                self._waiting.pop(key, None)
                yield from self._read(group)
        # Only a file that changed between the two looks leaves any.
        for group in self._waiting.values():
            yield from self._read(group)

    def _read(self, group: list[Row]) -> Iterator[SourceRow]:
        try:
            yield from self._dialect.read(group, self._reading)
        except InvalidProduct as error:
            yield Rejected(group[0].line, self._dialect.id_of(group[0]), str(error))
