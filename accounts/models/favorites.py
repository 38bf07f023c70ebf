"""Favourites, by the public ids of products."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from accounts.models.users import User


class FavoriteQuerySet(models.QuerySet["Favorite"]):
    def for_user(self, user: User) -> FavoriteQuerySet:
        """The user's favourites, newest first."""
        # Pages of them need one order also among those of one moment.
        return self.filter(user=user).order_by("-added_at", "pk")

    def ids(self) -> list[str]:
        return list(self.values_list("product_id", flat=True))


class Favorite(models.Model):
    """A favourite, by the product's public id: accounts does not import the catalogue."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="favorites", verbose_name=_("user")
    )
    product_id = models.CharField(_("product id"), max_length=100)
    added_at = models.DateTimeField(_("added"), auto_now_add=True)

    objects = FavoriteQuerySet.as_manager()

    class Meta:
        db_table = "favorites"
        verbose_name = _("favourite")
        verbose_name_plural = _("favourites")
        constraints = [models.UniqueConstraint(fields=["user", "product_id"], name="favorites_once_per_user")]
        indexes = [
            models.Index(fields=["user", "-added_at"], name="favorites_newest"),
            models.Index(fields=["product_id"], name="favorites_product"),
        ]

    def __str__(self) -> str:
        return self.product_id
