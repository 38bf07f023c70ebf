"""What staff never want suggested."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class BlockedSuggestion(models.Model):
    """Words that are never suggested, whoever searched for them and wherever they stand in a phrase."""

    phrase = models.CharField(
        _("words"),
        max_length=100,
        unique=True,
        help_text=_("One or more words. No suggestion that contains them is shown."),
    )

    class Meta:
        db_table = "blocked_suggestions"
        verbose_name = _("blocked suggestion")
        verbose_name_plural = _("blocked suggestions")
        ordering = ["phrase"]

    def __str__(self) -> str:
        return self.phrase
