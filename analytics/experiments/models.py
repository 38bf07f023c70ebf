"""The table of experiments."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

# Terms of the ranking whose weight a variant may change (search.ranking.score.Weights), and those that are
# shares of the words' side.
WEIGHTS = ("relevance", "kind", "taste", "popularity", "availability", "freshness", "unwanted")
SHARES = ("relevance", "kind")


def _weight(
    field: str, name: StrOrPromise, help_text: StrOrPromise
) -> models.FloatField[float | None, float | None]:
    most = [MaxValueValidator(1.0)] if field in SHARES else []
    return models.FloatField(
        name, null=True, blank=True, validators=[MinValueValidator(0.0), *most], help_text=help_text
    )


class ExperimentQuerySet(models.QuerySet["Experiment"]):
    def running(self) -> ExperimentQuerySet:
        return self.filter(state=Experiment.State.RUNNING)


class Experiment(models.Model):
    """A variant of the ranking, and how it did against the present one. A weight that is None is as it is
    in the settings.
    """

    class State(models.TextChoices):
        PLANNED = "planned", gettext_lazy("planned")
        RUNNING = "running", gettext_lazy("running")
        ENDED = "ended", gettext_lazy("ended")

    name = models.CharField(gettext_lazy("name"), max_length=100, unique=True)
    share = models.PositiveSmallIntegerField(
        gettext_lazy("share"),
        default=50,
        validators=[MinValueValidator(1), MaxValueValidator(100)],
        help_text=gettext_lazy("Of a hundred shoppers, so many see results drawn from both rankings."),
    )
    relevance = _weight(
        "relevance",
        gettext_lazy("relevance"),
        gettext_lazy("Words found in the text, 0 to 1. Empty: as it is now."),
    )
    kind = _weight(
        "kind",
        gettext_lazy("kind"),
        gettext_lazy("The kind that the words name, 0 to 1. Empty: as it is now."),
    )
    taste = _weight(
        "taste",
        gettext_lazy("taste"),
        gettext_lazy("What the person likes. 0 switches it off. Empty: as it is now."),
    )
    popularity = _weight(
        "popularity",
        gettext_lazy("popularity"),
        gettext_lazy("What shoppers view and buy. 0 switches it off. Empty: as it is now."),
    )
    availability = _weight(
        "availability",
        gettext_lazy("availability"),
        gettext_lazy("In stock before sold out. Empty: as it is now."),
    )
    freshness = _weight(
        "freshness", gettext_lazy("freshness"), gettext_lazy("New before old. Empty: as it is now.")
    )
    unwanted = _weight(
        "unwanted", gettext_lazy("unwanted"), gettext_lazy("What the words exclude. Empty: as it is now.")
    )
    synonyms = models.BooleanField(
        gettext_lazy("synonyms"), default=True, help_text=gettext_lazy("With the synonyms of the admin.")
    )
    curation = models.BooleanField(
        gettext_lazy("curation"),
        default=True,
        help_text=gettext_lazy("With pinned and buried products, and with rules."),
    )
    state = models.CharField(
        gettext_lazy("state"), max_length=7, choices=State, default=State.PLANNED, editable=False
    )
    started_at = models.DateTimeField(gettext_lazy("started"), null=True, editable=False)
    # None for an account that is deleted, and for what started before this was kept.
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
        editable=False,
        verbose_name=gettext_lazy("started by"),
    )
    ended_at = models.DateTimeField(gettext_lazy("ended"), null=True, editable=False)
    # What analytics.experiments.outcome counted when it ended: the log is not kept for ever.
    counted = models.JSONField(null=True, editable=False)

    objects = ExperimentQuerySet.as_manager()

    class Meta:
        app_label = "analytics"
        db_table = "experiments"
        verbose_name = gettext_lazy("experiment")
        verbose_name_plural = gettext_lazy("experiments")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["state"], condition=Q(state="running"), name="experiments_one_runs"
            ),
            models.CheckConstraint(condition=Q(share__gte=1, share__lte=100), name="experiments_share"),
            *(
                models.CheckConstraint(
                    condition=Q(**{name: None})
                    | Q(**{f"{name}__gte": 0.0}, **({f"{name}__lte": 1.0} if name in SHARES else {})),
                    name=f"experiments_{name}_in_range",
                )
                for name in WEIGHTS
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        if not self.weights and self.synonyms and self.curation:
            raise ValidationError(
                _("The variant changes nothing. Give a weight, or switch synonyms or curation off.")
            )

    @property
    def weights(self) -> dict[str, float]:
        """The weights that the variant changes."""
        given = {name: getattr(self, name) for name in WEIGHTS}
        return {name: weight for name, weight in given.items() if weight is not None}

    @property
    def is_running(self) -> bool:
        return self.state == self.State.RUNNING

    @property
    def is_planned(self) -> bool:
        return self.state == self.State.PLANNED
