"""A small shop on a real index, with an encoder that sees colours and reads words: answers are known."""

import io
import zlib
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from decimal import Decimal

import numpy as np
import pytest
from PIL import Image

from search import engine
from search.admission import Slots
from search.encoding.encoder import Encoder
from search.index import reindex as indexing
from tests.factories import ProductFactory, ProductImageFactory
from tests.search.snapshots import put_back_or_made

NOW = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
COLOURS = {"red": (220, 30, 30), "green": (30, 180, 60), "blue": (30, 60, 220)}
KINDS = ("dress", "shirt", "boots", "bag")


class ColourEncoder:
    """Stands in for the model: three dimensions for colour, four for kind, the rest shared or noise."""

    dimension = 16
    fingerprint = "f" * 64
    image_size = 32
    reads_parts = False

    def encode_text(self, texts):
        rows = [self._text(text.lower()) for text in texts]
        return np.stack(rows) if rows else np.empty((0, 16), np.float32)

    def encode_images(self, images):
        rows = [self._pixels(image) for image in images]
        return np.stack(rows) if rows else np.empty((0, 16), np.float32)

    def was_truncated(self, text):
        return len(text.split()) > 60

    def knows(self, word):
        return word in ("dresser", "tank")

    def _text(self, words):
        row = np.zeros(16, np.float32)
        for at, name in enumerate((*COLOURS, *KINDS)):
            row[at] = 1.0 if name in words else 0.0
        return self._finished(row, words)

    def _pixels(self, image):
        row = np.zeros(16, np.float32)
        row[:3] = np.square(np.asarray(image.convert("RGB").resize((1, 1)))[0, 0] / 255.0)
        return self._finished(row, str(row[:3]))

    def _finished(self, row, content):
        row[7] = 0.3
        row[8:] = np.random.default_rng(zlib.crc32(content.encode())).normal(scale=0.05, size=8)
        return (row / np.linalg.norm(row)).astype(np.float32)


def picture(colour, size=(48, 64)):
    """A JPEG of one colour."""
    buffer = io.BytesIO()
    Image.new("RGB", size, COLOURS.get(colour, colour)).save(buffer, "JPEG", quality=95)
    return buffer.getvalue()


@pytest.fixture(scope="session")
def kept_pictures(tmp_path_factory):
    """One media folder for all shops: derivatives are named by content, so they are made once."""
    return tmp_path_factory.mktemp("media")


@pytest.fixture
def colour_encoder(monkeypatch, settings, tmp_path, kept_pictures):
    """The engine with the stand-in encoder and an empty index folder."""
    settings.INDEX_ROOT = tmp_path / "index"
    settings.MEDIA_ROOT = kept_pictures
    known = {"dimension", "fingerprint", "image_size", *dir(Encoder)}
    assert {name for name in vars(ColourEncoder) if not name.startswith("_")} <= known
    engine.forget()
    encoder = ColourEncoder()
    monkeypatch.setattr(engine, "encoder", lambda: encoder)
    yield encoder
    engine.forget()


@pytest.fixture
def shop(db, colour_encoder, tmp_path_factory):
    """Sixty products in three colours and four kinds, five of each, synced and indexed. Returns them."""
    return put_back_or_made(
        "shop", lambda: sixty_products(colour_encoder), lambda: tmp_path_factory.mktemp("shop")
    )


def sixty_products(encoder):
    products = [
        ProductFactory(
            title=f"{colour.title()} {kind} no. {number}",
            colour=colour.title(),
            category=kind.title(),
            category_path=f"Apparel > {kind.title()}",
            brand=("Fern", "Moss")[number % 2],
            gender=("Women", "Men")[number % 2],
            price=Decimal(10 * (number + 1)),
            in_stock=number != 4,
            list_price=Decimal(90) if number == 3 else None,
            attributes={
                "sizes": ["S", "M", "L"][: number + 1],
                ("Fabric", "material")[number % 2]: ("100% cotton", ["Cotton", "Linen"])[number % 2],
                "pattern": ("Striped", "striped", "Plain", "Plain", "Striped")[number],
                "season": ("Summer", "Winter", "SUMMER")[number % 3],
            },
        )
        for colour in COLOURS
        for kind in KINDS
        for number in range(5)
    ]
    for number, product in enumerate(products):
        shade = tuple(max(0, value - number) for value in COLOURS[product.colour.lower()])
        ProductImageFactory(product=product, position=0, kept=True, colour=shade)
    reindex(encoder)
    return products


def reindex(encoder):
    report = indexing.reindex(encoder=encoder, store=engine.store(), now=NOW)
    engine.store().expire()
    engine.column_store().expire()
    return report


@contextmanager
def all_taken(slots: Slots) -> Iterator[None]:
    with ExitStack() as taken:
        for _slot in range(slots.count):
            taken.enter_context(slots.taken())
        yield
