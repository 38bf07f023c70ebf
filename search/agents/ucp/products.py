"""Products in the form of the protocol: one product of the shop, with a variant for each of its sizes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest

from catalog import attributes
from catalog.models import Product
from catalog.offers import StatedOffer
from search.agents.addresses import absolute
from search.agents.ucp.money import to_minor

Document = dict[str, Any]
SIZE = "Size"
# Stands between a product's id and a size in the id of a variant; ids of products hold none.
_SEPARATOR = "/"


@dataclass(frozen=True)
class Variant:
    """What is bought: a size of a product, or the product where it has no sizes."""

    id: str
    size: str
    available: bool


def variant_id(product: Product, size: str) -> str:
    return f"{product.product_id}{_SEPARATOR}{size}" if size else product.product_id


def parsed_id(identifier: str) -> tuple[str, str]:
    """The product's id and the size that an identifier names; "" for a product's own id."""
    product_id, _separator, size = identifier.partition(_SEPARATOR)
    return product_id, size


def variants(product: Product) -> list[Variant]:
    """The variants of a product, those first that can be bought."""
    sizes = dict(attributes.sizes(product.attributes, in_stock=product.in_stock)) or {"": product.in_stock}
    stated = [Variant(variant_id(product, size), size, available) for size, available in sizes.items()]
    return sorted(stated, key=lambda each: not each.available)


def featured(product: Product, sizes: tuple[str, ...] = ()) -> Variant:
    """The variant to show first: one of these sizes, else one that can be bought."""
    wanted = {size.casefold() for size in sizes}
    return min(variants(product), key=lambda each: each.size.casefold() not in wanted)


def is_priced(product: Product) -> bool:
    """Whether the protocol can name its price at all."""
    return product.price is not None and len(product.currency) == 3 and product.currency.isascii()


def with_offer(product: Product, stated: StatedOffer) -> Product:
    """The product at the price and with the stock that were just stated. Changes the instance."""
    for name in ("price", "list_price", "currency", "in_stock", "quantity"):
        setattr(product, name, getattr(stated.offer, name))
    return product


def described(
    product: Product,
    shown: Sequence[Variant],
    request: HttpRequest,
    *,
    inputs: Mapping[str, list[Document]] | None = None,
    metadata: Document | None = None,
) -> Document:
    """``shown`` are the variants to tell, the featured one first; ``inputs`` says what each was asked by."""
    price = _price(product)
    document = {
        "id": product.product_id,
        "title": product.title,
        "description": {"plain": product.description or product.title},
        "url": absolute(request, product.get_absolute_url()),
        "categories": _categories(product),
        "price_range": {"min": price, "max": price},
        "media": _media(product, request),
        "options": _options(product),
        "variants": [_variant(product, each, (inputs or {}).get(each.id)) for each in shown],
        "metadata": _metadata(product) | (metadata or {}),
    }
    if product.list_price is not None:
        listed = {"amount": to_minor(product.list_price, product.currency), "currency": product.currency}
        document["list_price_range"] = {"min": listed, "max": listed}
    return {name: value for name, value in document.items() if value not in ([], {})}


def _price(product: Product) -> Document:
    assert product.price is not None  # noqa: S101 - is_priced
    return {"amount": to_minor(product.price, product.currency), "currency": product.currency}


def _variant(product: Product, variant: Variant, inputs: list[Document] | None) -> Document:
    title = variant.size or product.title
    document: Document = {
        "id": variant.id,
        "title": title,
        "description": {"plain": title},
        "price": _price(product),
        "availability": {
            "available": variant.available,
            "status": "in_stock" if variant.available else "out_of_stock",
        },
    }
    if product.list_price is not None:
        document["list_price"] = {
            "amount": to_minor(product.list_price, product.currency),
            "currency": product.currency,
        }
    if variant.size:
        document["options"] = [{"name": SIZE, "label": variant.size}]
    if inputs:
        document["inputs"] = inputs
    return document


def _categories(product: Product) -> list[Document]:
    path = product.category_path or product.category
    return [{"value": path, "taxonomy": "merchant"}] if path else []


def _media(product: Product, request: HttpRequest) -> list[Document]:
    return [
        {"type": "image", "url": absolute(request, image.url(1080)), "alt_text": product.title}
        for image in product.images.all()
        if image.content_hash
    ]


def _options(product: Product) -> list[Document]:
    labels = dict(attributes.sizes(product.attributes, in_stock=product.in_stock))
    return [{"name": SIZE, "values": [{"label": label} for label in labels]}] if labels else []


def _metadata(product: Product) -> Document:
    stated = {"brand": product.brand, "colour": product.colour, "gender": product.gender}
    return {name: value for name, value in stated.items() if value}
