"""What staff change about the looks of product pages."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from catalog.attributes import value_key
from catalog.models import Product, ProductQuerySet
from search.models.curation import STARTS_BEFORE_END, Timed


class LookRule(Timed):
    """A product, or a kind of products, that staff always or never show with a product or a category."""

    class Kind(models.TextChoices):
        FIX = "fix", _("always show")
        FORBID = "forbid", _("never show")

    # Its own: looks are not part of the curation of searches.
    CACHE_KEY = "look-rules"

    kind = models.CharField(_("kind"), max_length=6, choices=Kind, default=Kind.FIX)
    product = models.ForeignKey(
        Product,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="look_rules",
        verbose_name=_("with this product"),
    )
    category = models.CharField(
        _("or with this category"),
        max_length=120,
        blank=True,
        help_text=_("Any step of the path. Leave both empty for every product."),
    )
    complement = models.ForeignKey(
        Product,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="look_complement_rules",
        verbose_name=_("this product"),
    )
    complement_category = models.CharField(
        _("or this category"), max_length=120, blank=True, help_text=_("Only for what is never shown.")
    )
    is_enabled = models.BooleanField(_("in use"), default=True)

    class Meta:
        db_table = "look_rules"
        verbose_name = _("rule of looks")
        verbose_name_plural = _("rules of looks")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=STARTS_BEFORE_END, name="look_rules_start_before_end"),
            models.CheckConstraint(
                condition=Q(product=None) | Q(category=""),
                name="look_rules_product_or_category",
                violation_error_message=_("Give a product or a category, not both."),
            ),
            models.CheckConstraint(
                condition=Q(complement=None, complement_category__gt="")
                | Q(complement__isnull=False, complement_category=""),
                name="look_rules_one_complement",
                violation_error_message=_("Give one product or one category that is shown with it."),
            ),
            models.CheckConstraint(
                condition=Q(kind="forbid") | Q(complement__isnull=False),
                name="look_rules_fix_a_product",
                violation_error_message=_("Only a product can always be shown."),
            ),
        ]

    def __str__(self) -> str:
        shown = self.complement or self.complement_category
        return f"{self.product or self.category or '*'} · {self.get_kind_display()} · {shown}"

    def clean(self) -> None:
        super().clean()
        if self.product is not None and self.category:
            raise ValidationError({"category": _("Give a product or a category, not both.")})
        if (self.complement is None) == (not self.complement_category):
            raise ValidationError(
                {"complement": _("Give one product or one category that is shown with it.")}
            )
        if self.kind == self.Kind.FIX:
            self._clean_fixed()
        for name in ("category", "complement_category"):
            if (value := getattr(self, name)) and not _has_products(value):
                raise ValidationError({name: _("No product is in this category.")})

    def _clean_fixed(self) -> None:
        if self.complement is None:
            raise ValidationError({"complement": _("Only a product can always be shown.")})
        if self.product is None and not self.category:
            raise ValidationError({"product": _("Say with which product or category it is shown.")})
        own = self.product.category if self.product else self.category
        if self.product == self.complement or value_key(own) == value_key(self.complement.category):
            raise ValidationError({"complement": _("A look never holds two products of one kind.")})


def _has_products(step: str) -> bool:
    products: ProductQuerySet = Product.objects.active()
    return products.filter(Q(category__iexact=step) | Q(category_path__icontains=step)).exists()
