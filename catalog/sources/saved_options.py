"""How a source's feed is read, as staff saved it."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from catalog.sources.feeds.options import FeedOptions, InvalidOptions, checked_mapping
from catalog.sources.feeds.values.currencies import is_code


class SavedOptions(models.Model):
    """One source's options; an option of the command goes before it, the file of the settings after it."""

    source = models.CharField(_("source"), max_length=40, unique=True)
    # {"Price (INR)": "price"}: columns as the feed writes them.
    columns = models.JSONField(_("columns"), default=dict, blank=True)
    encoding = models.CharField(_("encoding"), max_length=40, blank=True)
    decimal = models.CharField(
        _("decimal mark"), max_length=1, blank=True, choices=[(".", "1,234.50"), (",", "1.234,50")]
    )
    currency = models.CharField(_("currency"), max_length=3, blank=True)
    media = models.CharField(
        _("address of relative pictures"),
        max_length=500,
        blank=True,
        validators=[URLValidator(schemes=["http", "https"])],
    )

    # The code of the one that is read first, where columns state texts in several.
    language = models.CharField(_("language"), max_length=2, blank=True)

    class Meta:
        db_table = "feed_options"
        app_label = "catalog"
        ordering = ["source"]
        verbose_name = _("reading of a feed")
        verbose_name_plural = _("reading of feeds")

    def __str__(self) -> str:
        return self.source

    def clean(self) -> None:
        if not isinstance(self.columns, dict):
            raise ValidationError({"columns": _('State columns as {"column": "field"}.')})
        self.currency = self.currency.upper()
        if self.currency and not is_code(self.currency):
            raise ValidationError({"currency": _("This is no currency's ISO code.")})
        try:
            self.options()
        except InvalidOptions as error:
            raise ValidationError(str(error)) from error

    def options(self) -> FeedOptions:
        """Raises InvalidOptions."""
        return FeedOptions(
            columns=checked_mapping((str(column), str(name)) for column, name in self.columns.items()),
            encoding=self.encoding,
            decimal=self.decimal,
            currency=self.currency,
            media=self.media,
            language=self.language,
        )
