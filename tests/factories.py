"""Rows for tests, each valid on its own; a test states only what it is about."""

import hashlib
from datetime import UTC, datetime
from decimal import Decimal
from functools import lru_cache
from io import BytesIO

import factory
from PIL import Image

from catalog.models import Product, ProductImage
from catalog.pictures.derivatives import is_kept, keep_picture

NOW = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)


@lru_cache(maxsize=1024)
def picture_bytes(colour="red", size=(60, 80), kind="PNG", **options) -> bytes:
    """A picture of one colour as a file."""
    file = BytesIO()
    Image.new("RGB", size, colour).save(file, kind, **options)
    return file.getvalue()


class ProductFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Product

    source = "demo"
    external_id = factory.Sequence(lambda n: str(1000 + n))
    product_id = factory.LazyAttribute(lambda o: f"{o.source}-{o.external_id}")
    title = factory.Sequence(lambda n: f"Linen Dress {n}")
    description = "A light summer dress."
    brand = "Fern"
    category = "Dresses"
    category_path = "Apparel > Dresses"
    colour = "Blue"
    gender = "Women"
    price = Decimal("39.00")
    currency = "EUR"
    content_hash = factory.LazyAttribute(lambda o: hashlib.sha256(o.title.encode()).hexdigest())
    created_at = updated_at = seen_at = NOW


class ProductImageFactory(factory.django.DjangoModelFactory):
    """``kept=True`` also writes its derivatives, a plain picture of ``colour``, under MEDIA_ROOT."""

    class Meta:
        model = ProductImage

    class Params:
        colour = "red"
        kept = False

    product = factory.SubFactory(ProductFactory)
    position = factory.LazyAttribute(lambda o: o.product.images.count())
    source_url = factory.LazyAttribute(lambda o: f"images/{o.product.external_id}-{o.position}.jpg")
    width, height = 60, 80
    fetched_at = NOW

    @factory.lazy_attribute
    def content_hash(self):
        data = picture_bytes(self.colour, (self.width, self.height))
        content_hash = hashlib.sha256(data).hexdigest()
        # Where tests share a folder, the pictures of a shop are there already.
        if self.kept and not is_kept(content_hash):
            keep_picture(data)
        return content_hash
