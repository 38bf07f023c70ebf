"""What the data export holds beyond the account: searches and clicks."""

from typing import Any

from accounts.models import User
from analytics.models import ProductClick, SearchLog


def searches(user: User) -> list[dict[str, Any]]:
    """The user's logged searches, newest first."""
    shown = ("id", "timestamp", "query_type", "query_text", "image_url", "fusion_weight", "filters")
    return list(SearchLog.objects.filter(user=user).order_by("-timestamp").values(*shown))


def clicks(user: User) -> list[dict[str, Any]]:
    """The products the user opened from an answer, newest first."""
    shown = ("timestamp", "search_id", "product_id", "position")
    return list(ProductClick.objects.filter(user=user).order_by("-timestamp").values(*shown))
