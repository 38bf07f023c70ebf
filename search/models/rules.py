"""Rules for merchandisers and redirects of searches."""

from __future__ import annotations

import re
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _

from search.language.tokens import query_key
from search.models.curation import LONGEST_KEY, STARTS_BEFORE_END, Timed, refuse_twice, require_words
from search.query import SWITCHES, VALUE_FILTERS, Filters, InvalidQuery


class RankingRule(Timed):
    """Products of one kind that staff move up or down, in one search or in all, for a time or for good."""

    class Kind(models.TextChoices):
        BOOST = "boost", _("move up")
        BURY = "bury", _("move down")

    class Strength(models.IntegerChoices):
        SLIGHT = 1, _("slightly")
        CLEAR = 2, _("clearly")
        STRONG = 3, _("strongly")

    class Field(models.TextChoices):
        CATEGORY = "category", _("category (any step)")
        BRAND = "brand", _("brand")
        COLOUR = "colour", _("colour")
        GENDER = "gender", _("gender")
        SIZE = "size", _("size that can be bought")
        MATERIAL = "material", _("material")
        PATTERN = "pattern", _("pattern")
        ATTRIBUTE = "attribute", _("attribute, as name:value")
        ON_SALE = "on_sale", _("on sale")
        IN_STOCK = "in_stock", _("in stock")
        NEWER = "newer", _("in the shop for fewer days than")
        OLDER = "older", _("in the shop for more days than")

    name = models.CharField(_("name"), max_length=80, help_text=_("Shown with every product it moves."))
    kind = models.CharField(_("kind"), max_length=5, choices=Kind, default=Kind.BOOST)
    strength = models.PositiveSmallIntegerField(_("how far"), choices=Strength, default=Strength.CLEAR)
    field = models.CharField(_("products by"), max_length=10, choices=Field)
    value = models.CharField(
        _("value"),
        max_length=400,
        blank=True,
        help_text=_("Empty for on sale and in stock; a number for days."),
    )
    query = models.CharField(
        _("search"), max_length=200, blank=True, help_text=_("Empty for every search and for browsing.")
    )
    key = models.CharField(max_length=LONGEST_KEY, editable=False, blank=True)
    is_enabled = models.BooleanField(_("in use"), default=True)

    class Meta:
        db_table = "ranking_rules"
        verbose_name = _("ranking rule")
        verbose_name_plural = _("ranking rules")
        ordering = ["name", "pk"]
        constraints = [
            models.CheckConstraint(condition=STARTS_BEFORE_END, name="ranking_rules_start_before_end")
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        # A rule that cannot be read would fail every search, so none is saved, by whatever code.
        self.clean()
        self.key = query_key(self.query)
        super().save(*args, **kwargs)

    def clean(self) -> None:
        super().clean()
        if self.query:
            require_words(self.query)
        if self.field in (self.Field.NEWER, self.Field.OLDER) and self.days is None:
            raise ValidationError({"value": _("Give a number of days.")})
        if self.field not in SWITCHES and not self.value.strip():
            raise ValidationError({"value": _("Say which products.")})
        try:
            self.filters()
        except InvalidQuery as error:
            raise ValidationError({"value": str(error)}) from error

    @property
    def days(self) -> int | None:
        """The age in days that a rule by age compares with."""
        is_age = self.field in (self.Field.NEWER, self.Field.OLDER)
        return int(self.value) if is_age and re.fullmatch(r"\s*[0-9]{1,5}\s*", self.value) else None

    def filters(self) -> Filters:
        """The products it moves, as far as filters tell. Raises InvalidQuery for a value that is none."""
        wanted: dict[str, Any] = {}
        if self.field in SWITCHES:
            wanted[self.field] = True
        elif self.field in VALUE_FILTERS:
            wanted[self.field] = (self.value.strip(),)
        return Filters(**wanted)


class Redirect(Timed):
    """A search that leads to a page of this shop instead of results, for a time or for good."""

    query = models.CharField(_("search"), max_length=200, help_text=_("Order and plurals do not matter."))
    key = models.CharField(max_length=LONGEST_KEY, editable=False, unique=True)
    path = models.CharField(
        _("page"), max_length=400, help_text=_("A path of this shop, such as /results?category=Dresses")
    )

    class Meta:
        db_table = "search_redirects"
        verbose_name = _("redirect")
        verbose_name_plural = _("redirects")
        ordering = ["query"]
        constraints = [
            models.CheckConstraint(condition=STARTS_BEFORE_END, name="search_redirects_start_before_end")
        ]

    def __str__(self) -> str:
        return f"{self.query} → {self.path}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.key = query_key(self.query)
        super().save(*args, **kwargs)

    def clean(self) -> None:
        super().clean()
        require_words(self.query)
        # As browsers show and people copy an address: "/results?text=summer dress".
        self.path = self.path.replace(" ", "%20")
        if not is_local_path(self.path):
            raise ValidationError({"path": _("Give a path of this shop that begins with one /.")})
        refuse_twice(self, "query", key=query_key(self.query))


def is_local_path(path: str) -> bool:
    """Whether a browser that follows this path stays on this site."""
    if not path.startswith("/") or not path.isprintable() or " " in path:
        return False
    return url_has_allowed_host_and_scheme(path, allowed_hosts=None)
