"""What a page reports of itself."""

from __future__ import annotations

from django import template

from analytics.events.models import Event
from analytics.events.tokens import page_token
from catalog.models import Product

register = template.Library()


@register.simple_tag
def view_token(product: Product) -> str:
    """The token with which a product's page reports that it was looked at."""
    return page_token(Event.Type.VIEW, product.product_id)
