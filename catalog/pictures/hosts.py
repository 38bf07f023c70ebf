"""Hosts of pictures that failed, and until when they are left alone."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import models
from django.utils.translation import gettext_lazy as _

FIRST_PAUSE, LONGEST_PAUSE = timedelta(minutes=15), timedelta(days=1)


class PictureHost(models.Model):
    """A host that failed a few times in a row; one that answers again has no row."""

    host = models.CharField(_("host"), max_length=255, unique=True)
    # How many runs in a row ended with leaving it alone.
    failures = models.PositiveSmallIntegerField(_("failures"), default=0)
    paused_until = models.DateTimeField(_("paused until"))
    problem = models.CharField(_("problem"), max_length=300, blank=True)

    class Meta:
        db_table = "picture_hosts"
        verbose_name = _("picture host")
        verbose_name_plural = _("picture hosts")
        app_label = "catalog"
        ordering = ["host"]

    def __str__(self) -> str:
        return self.host

    @classmethod
    def pause(cls, host: str, problem: str, *, now: datetime) -> None:
        """Leave the host alone, each time twice as long."""
        known = cls.objects.filter(host=host).first()
        failures = min(known.failures if known else 0, 20) + 1
        until = now + min(FIRST_PAUSE * 2 ** (failures - 1), LONGEST_PAUSE)
        stated = {"failures": failures, "paused_until": until, "problem": problem[:300]}
        cls.objects.update_or_create(host=host, defaults=stated)
