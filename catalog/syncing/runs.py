"""The records of long work: each sync, with what it saw, changed, refused and held back."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class RunState(models.TextChoices):
    """Of long work that a person may wait for."""

    QUEUED = "queued", _("queued")
    RUNNING = "running", _("running")
    DONE = "done", _("done")
    FAILED = "failed", _("failed")
    STOPPED = "stopped", _("stopped")


class SyncRun(models.Model):
    """One run of ``sync``: what it saw, what it changed, which rows it refused and why."""

    source = models.CharField(_("source"), max_length=40)
    state = models.CharField(_("state"), max_length=10, choices=RunState, default=RunState.RUNNING)
    started_at = models.DateTimeField(_("started"))
    finished_at = models.DateTimeField(_("finished"), null=True)
    # seen, created, updated, unchanged, deactivated, rejected, pictures, ...
    counts = models.JSONField(_("counts"), default=dict)
    # The first rejected rows: [{"line": 12, "id": "...", "problem": "..."}].
    rejected = models.JSONField(_("rejected"), default=list)
    message = models.TextField(_("message"), blank=True)
    # What a person should know about the source, one sentence each.
    notes = models.JSONField(_("notes"), default=list)

    class Meta:
        db_table = "sync_runs"
        verbose_name = _("sync run")
        verbose_name_plural = _("sync runs")
        ordering = ["-started_at"]
        indexes = [models.Index(fields=["source", "-started_at"], name="sync_runs_latest")]
        app_label = "catalog"

    def __str__(self) -> str:
        return f"{self.source} {self.started_at:%Y-%m-%d %H:%M} {self.get_state_display()}"

    @property
    def held_back(self) -> int:
        """How many products it did not deactivate, because too many were missing at once."""
        return int(self.counts.get("held_back", 0))
