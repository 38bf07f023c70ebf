"""What accounts may ask about the catalogue, which it does not import."""

from collections.abc import Iterable

from catalog.models import Product


def known_products(product_ids: Iterable[str]) -> set[str]:
    """Those of the public ids that a product has."""
    return set(Product.objects.filter(product_id__in=list(product_ids)).values_list("product_id", flat=True))
