"""The products that were sent to the API: nothing to crawl, pictures at public addresses."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from catalog.fetching import FetchedPicture, PictureVersion, fetch_picture, host_of
from catalog.sources.base import Offer, SourceError, SourceRow


class PushedSource:
    """A source of the API. Its shop sends what changes, so there is nothing to ask."""

    def __init__(self, name: str) -> None:
        self.name = name

    def products(self, *, since: datetime | None = None) -> Iterator[SourceRow]:
        raise SourceError("Its products are sent to the API; there is nothing to crawl.", permanent=True)

    def image(self, address: str) -> bytes:
        found = self.image_unless(address, PictureVersion())
        if found is None:
            raise SourceError("The server states that it is unchanged, and was not asked.", permanent=False)
        return found.data

    def image_unless(
        self, address: str, known: PictureVersion, *, seconds: float = 0
    ) -> FetchedPicture | None:
        """As image(), unless the server states that ``known`` is still current."""
        return fetch_picture(address, known, seconds=seconds)

    def image_host(self, address: str) -> str:
        return host_of(address)

    def image_is_newer(self, address: str, than: datetime) -> bool:
        """False: a picture at an address is asked for by its ETag now and then."""
        return False

    def offer(self, external_id: str, style_id: str) -> Offer | None:
        """None: what was sent last is all that is known."""
        return None
