"""What staff change about search results: their common base, synonyms and placements."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models, transaction
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from catalog.models import Product
from search.language.tokens import phrase_key, query_key

# Stems may be longer than the 200 letters of a query: of Japanese each two neighbours are one.
LONGEST_KEY = 1000


class Curated(models.Model):
    """Staff's changes to search results. They apply at once where processes share a cache, and within a
    minute elsewhere (``search.ranking.curation``).
    """

    # Where what is read from the rows is cached, or a stamp of it.
    CACHE_KEY = "curation"

    class Meta:
        abstract = True

    def save(self, *args: Any, update_fields: Iterable[str] | None = None, **kwargs: Any) -> None:
        if update_fields is not None:
            # It follows from the words, whichever field holds them.
            update_fields = {*update_fields, *({"key"} & {field.name for field in self._meta.fields})}
        super().save(*args, update_fields=update_fields, **kwargs)
        self._changed()

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        deleted = super().delete(*args, **kwargs)
        self._changed()
        return deleted

    def _changed(self) -> None:
        """Every process that shares the cache reads the rows again: those of this transaction, and what
        others see once it is committed.
        """
        cache.delete(self.CACHE_KEY)
        transaction.on_commit(lambda: cache.delete(self.CACHE_KEY))


END_AFTER_START = _("Give an end after the start.")


class Timed(Curated):
    """A change that holds for a time or for good; each table states STARTS_BEFORE_END under its own name."""

    starts_at = models.DateTimeField(_("from"), null=True, blank=True)
    ends_at = models.DateTimeField(_("until"), null=True, blank=True)

    class Meta:
        abstract = True

    def clean(self) -> None:
        super().clean()
        if self.starts_at is not None and self.ends_at is not None and self.starts_at >= self.ends_at:
            raise ValidationError({"ends_at": END_AFTER_START})

    def begins_at(self, now: datetime) -> datetime | None:
        """When it begins to hold, where that is still to come."""
        return self.starts_at if self.starts_at is not None and self.starts_at > now else None


STARTS_BEFORE_END = (
    models.Q(starts_at=None) | models.Q(ends_at=None) | models.Q(starts_at__lt=models.F("ends_at"))
)


class Synonym(Curated):
    """Another name for what the catalogue calls something: "trainers" for "sports shoes, casual shoes"."""

    term = models.CharField(_("what shoppers type"), max_length=80)
    # The term's stems in order, so that "Trainers" and "trainer" are one entry.
    key = models.CharField(max_length=LONGEST_KEY, unique=True, editable=False)
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
        if not any(map(phrase_key, self.phrases)):
            raise ValidationError({"alternatives": _("Write at least one word.")})
        refuse_twice(self, "term", key=phrase_key(self.term))

    @property
    def phrases(self) -> list[str]:
        return [phrase.strip() for phrase in self.alternatives.split(",") if phrase.strip()]


# An answer holds no more results.
LAST_PLACE = 1000
PLACE_IN_RANGE = format_lazy(_("Give a place from 1 to {last}."), last=LAST_PLACE)


class CuratedPlacement(Timed):
    """A product that staff pin to a place of one search or show last there, for a time or for good."""

    class Kind(models.TextChoices):
        PIN = "pin", _("pin to a place")
        BURY = "bury", _("show last")

    query = models.CharField(_("search"), max_length=200, help_text=_("Order and plurals do not matter."))
    # The query's stems, sorted: "red dresses" and "dress red" are one search.
    key = models.CharField(max_length=LONGEST_KEY, editable=False)
    product = models.ForeignKey(
        Product, on_delete=models.CASCADE, related_name="placements", verbose_name=_("product")
    )
    kind = models.CharField(_("kind"), max_length=4, choices=Kind, default=Kind.PIN)
    position = models.PositiveSmallIntegerField(
        _("place"),
        default=1,
        validators=[
            MinValueValidator(1, message=PLACE_IN_RANGE),
            MaxValueValidator(LAST_PLACE, message=PLACE_IN_RANGE),
        ],
        help_text=_(
            "Of a pin: 1 is the first result. Of two with the same place the one that was made first stands "
            "there, and the other behind it."
        ),
    )

    class Meta:
        db_table = "curated_placements"
        verbose_name = _("curated placement")
        verbose_name_plural = _("curated placements")
        ordering = ["key", "kind", "position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["key", "product"], name="curated_placements_once_per_query"),
            models.CheckConstraint(condition=STARTS_BEFORE_END, name="curated_placements_start_before_end"),
            models.CheckConstraint(
                condition=models.Q(position__range=(1, LAST_PLACE)), name="curated_placements_place_in_range"
            ),
        ]

    def __str__(self) -> str:
        place = f" ({self.position})" if self.kind == self.Kind.PIN else ""
        return f"{self.query}: {self.get_kind_display()}{place}, {self.product}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.key = query_key(self.query)
        super().save(*args, **kwargs)

    def clean(self) -> None:
        super().clean()
        require_words(self.query)
        refuse_twice(self, "query", key=query_key(self.query), product_id=self.product_id)


def refuse_twice(row: Curated, field: str, **same: Any) -> None:
    """Raises ValidationError on a field where another row has the ``same`` key, which no form shows."""
    if type(row)._default_manager.filter(**same).exclude(pk=row.pk).exists():
        raise ValidationError({field: _("There is an entry for these words already. Change that one.")})


def require_words(query: str) -> None:
    """Raises ValidationError for a query without a word."""
    if not query_key(query):
        raise ValidationError({"query": _("Write at least one word.")})
