"""The product that a request names."""

from __future__ import annotations

from django.utils.translation import gettext as _
from rest_framework.exceptions import NotFound

from catalog.models import Product


def product_or_404(product_id: str) -> Product:
    """The active product with this public id; any text may be given. Raises NotFound, ``product_unknown``."""
    product = Product.objects.by_public_id(product_id)
    if product is None:
        raise NotFound(_("There is no such product. Ids come from search results."), "product_unknown")
    return product
