"""What staff change about search results: synonyms, placements, rules and redirects."""

from __future__ import annotations

import re
from typing import Any

from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _

from catalog.models import Product
from search.language.tokens import phrase_key, query_key
from search.query import SWITCHES, VALUE_FILTERS, Filters, InvalidQuery


class Curated(models.Model):
    """Staff's changes to search results. They apply at once where processes share a cache, and within a
    minute elsewhere (``search.ranking.curation``)."""

    CACHE_KEY = "curation"

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        super().save(*args, **kwargs)
        cache.delete(self.CACHE_KEY)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        deleted = super().delete(*args, **kwargs)
        cache.delete(self.CACHE_KEY)
        return deleted


class Timed(Curated):
    """A change that holds for a time or for good; each table states STARTS_BEFORE_END under its own name."""

    starts_at = models.DateTimeField(_("from"), null=True, blank=True)
    ends_at = models.DateTimeField(_("until"), null=True, blank=True)

    class Meta:
        abstract = True


STARTS_BEFORE_END = (
    models.Q(starts_at=None) | models.Q(ends_at=None) | models.Q(starts_at__lt=models.F("ends_at"))
)


class Synonym(Curated):
    """Another name for what the catalogue calls something: "trainers" for "sports shoes, casual shoes"."""

    term = models.CharField(_("what shoppers type"), max_length=80)
    # The term's stems in order, so that "Trainers" and "trainer" are one entry.
    key = models.CharField(max_length=80, unique=True, editable=False)
    alternatives = models.CharField(
        _("what products call it"), max_length=400, help_text=_("Words or phrases, separated by commas.")
    )
    two_way = models.BooleanField(
        _("both ways"), default=False, help_text=_("The alternatives also find what the term finds.")
    )

    class Meta:
        db_table = "synonyms"
        verbose_name = _("synonym")
        verbose_name_plural = _("synonyms")
        ordering = ["term"]

    def __str__(self) -> str:
        return f"{self.term} = {self.alternatives}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.key = phrase_key(self.term)
        super().save(*args, **kwargs)

    def clean(self) -> None:
        if not phrase_key(self.term):
            raise ValidationError({"term": _("Write at least one word.")})

    @property
    def phrases(self) -> list[str]:
        return [phrase.strip() for phrase in self.alternatives.split(",") if phrase.strip()]


class CuratedPlacement(Timed):
    """A product that staff put first, or last, in the results of one search, for a time or for good."""

    class Kind(models.TextChoices):
        PIN = "pin", _("show first")
        BURY = "bury", _("show last")

    query = models.CharField(_("search"), max_length=200, help_text=_("Order and plurals do not matter."))
    # The query's stems, sorted: "red dresses" and "dress red" are one search.
    key = models.CharField(max_length=200, editable=False)
    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="placements")
    kind = models.CharField(_("kind"), max_length=4, choices=Kind, default=Kind.PIN)
    position = models.PositiveSmallIntegerField(_("position among those shown first"), default=1)

    class Meta:
        db_table = "curated_placements"
        verbose_name = _("curated placement")
        verbose_name_plural = _("curated placements")
        ordering = ["key", "kind", "position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["key", "product"], name="curated_placements_once_per_query"),
            models.CheckConstraint(condition=STARTS_BEFORE_END, name="curated_placements_start_before_end"),
        ]

    def __str__(self) -> str:
        return f"{self.query}: {self.kind} {self.product_id}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.key = query_key(self.query)
        super().save(*args, **kwargs)

    def clean(self) -> None:
        _require_words(self.query)


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
    key = models.CharField(max_length=200, editable=False, blank=True)
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
        if self.query:
            _require_words(self.query)
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
    key = models.CharField(max_length=200, editable=False, unique=True)
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
        _require_words(self.query)
        if not is_local_path(self.path):
            raise ValidationError({"path": _("Give a path of this shop that begins with one /.")})


def _require_words(query: str) -> None:
    if not query_key(query):
        raise ValidationError({"query": _("Write at least one word.")})


def is_local_path(path: str) -> bool:
    """Whether a browser that follows this path stays on this site."""
    if not path.startswith("/") or not path.isprintable() or " " in path:
        return False
    return url_has_allowed_host_and_scheme(path, allowed_hosts=None)
