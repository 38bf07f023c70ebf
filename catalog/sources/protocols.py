"""What an adapter offers: a catalogue to crawl, and for shops, single products, settings and webhooks."""

from __future__ import annotations

import re
from abc import abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Protocol, Self, runtime_checkable

from catalog.fetching import FetchedPicture, PictureVersion
from catalog.sources.base import Offer, Rejected, SourceProduct, SourceRow


class ProductSource(Protocol):
    """A shop's catalogue. Every method raises SourceError, and nothing else, for what the shop does wrong."""

    # Stands before the id in every public id: lower-case letters, digits and underscores, at most 40.
    name: str

    @abstractmethod
    def products(self, *, since: datetime | None = None) -> Iterator[SourceRow]:
        """All products, streamed; with ``since``, at least those changed after it."""
        ...

    @abstractmethod
    def image(self, address: str) -> bytes:
        """The bytes behind one of a product's ``images``; open_image() refuses more than MAX_UPLOAD_BYTES."""
        ...

    @abstractmethod
    def image_is_newer(self, address: str, than: datetime) -> bool:
        """Whether the picture is known, without fetching it, to have changed after ``than``."""
        ...

    @abstractmethod
    def offer(self, external_id: str, style_id: str) -> Offer | None:
        """Price and stock now of one product, within a second; None where the shop cannot tell.

        ``style_id`` is the shop's own id of the style (Product.style_id). A price of None leaves the last
        known one; a product that is gone is not in stock.
        """
        ...


@runtime_checkable
class ReviewedSource(Protocol):
    """A source that knows more of itself than its rows."""

    @abstractmethod
    def notes(self) -> Sequence[str]:
        """Once every row was read: what a person should know, one sentence each."""
        ...


@runtime_checkable
class RevalidatingSource(Protocol):
    """A source whose servers tell whether a picture is still the one that was fetched."""

    @abstractmethod
    def image_unless(
        self, address: str, known: PictureVersion, *, seconds: float = 0
    ) -> FetchedPicture | None:
        """As ProductSource.image, in ``seconds`` where that is not 0; None where ``known`` is current."""
        ...

    @abstractmethod
    def image_host(self, address: str) -> str:
        """The host (and port) that serves the picture; "" for a file on this machine."""
        ...


class Reference(Enum):
    """What the id in a webhook's message refers to."""

    PRODUCT = "product"
    INVENTORY_ITEM = "inventory item"


@dataclass(frozen=True)
class Topic:
    """Where a message of one topic holds an id: under the first of ``keys`` that has a value.

    "product.id" is the ``id`` within ``product``.
    """

    keys: tuple[str, ...]
    reference: Reference = Reference.PRODUCT


@dataclass(frozen=True)
class Webhook:
    """The messages of one kind of shop: a base64 HMAC-SHA256 of the body, a topic, and JSON with an id.

    ``signed_by`` names the setting that holds the key of the signature. Messages of other topics than
    ``topics`` are acknowledged and ignored.
    """

    signed_by: str
    signature_header: str
    topic_header: str
    topics: Mapping[str, Topic]
    # The ids that the shop gives; printable, since they become part of a cache key.
    id_pattern: re.Pattern[str] = re.compile(r"[!-~]{1,80}")
    # (header, setting) that must agree, where several shops sign with one secret.
    shop_header: tuple[str, str] | None = None
    # The signature in hexadecimal digits instead of base64.
    hexadecimal: bool = False
    # An unsigned body that the shop sends to try a new webhook.
    test_body: re.Pattern[bytes] | None = None


@runtime_checkable
class ShopSource(ProductSource, Protocol):
    """A source with an API that gives single products. Adapters derive from it.

    ``style_id`` is whatever text the shop calls a product by; products of its colours state it as their
    ``item_group_id``, or as their ``external_id`` where there is one product alone.
    """

    # The settings, as the subject of a sentence: "SHOP_URL and SHOP_KEY".
    configured_by: str
    webhook: Webhook | None = None

    @classmethod
    @abstractmethod
    def from_settings(cls) -> Self | None:
        """The shop of the settings; None where they name none."""
        ...

    @abstractmethod
    def one(self, style_id: str) -> Iterator[SourceProduct | Rejected]:
        """The rows that a crawl would yield for this style, in every colour: none, where the shop no longer
        shows it.
        """
        ...

    @abstractmethod
    def check(self, *, now: datetime) -> str:
        """What the shop answers to these settings, in one sentence for `manage.py doctor`.

        Raises SourceError where it refuses them or does not answer.
        """
        ...

    def product_of_inventory_item(self, item: str) -> str | None:
        """The style whose stock the shop counts under ``item``; None where there is none (the default)."""
        return None
