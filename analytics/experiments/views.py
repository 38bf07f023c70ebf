"""The experiments on the dashboard: all of them, one with its result, and its buttons."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from analytics.dashboard.access import dashboard_page
from analytics.experiments import running
from analytics.experiments.models import Experiment
from analytics.experiments.outcome import outcome, stop
from analytics.experiments.running import AnotherRuns
from analytics.experiments.verdict import verdict


@dashboard_page
def experiments(request: HttpRequest) -> HttpResponse:
    rows = [(each, _opened(each)) for each in Experiment.objects.all()[:100]]
    return render(request, "analytics/experiments.html", {"rows": rows})


@dashboard_page
def experiment(request: HttpRequest, key: int) -> HttpResponse:
    shown = get_object_or_404(Experiment, pk=key)
    found = outcome(shown)
    context = {
        "experiment": shown,
        "changes": _changes(shown),
        "outcome": found,
        "comparisons": [
            (_("Opened"), verdict(found.opened, found)),
            (_("Put into a basket or bought"), verdict(found.bought, found)),
        ],
    }
    return render(request, "analytics/experiment.html", context)


@require_POST
@permission_required("analytics.change_experiment", raise_exception=True)
def change(request: HttpRequest, key: int) -> HttpResponse:
    """Start or stop an experiment, and go back to its page."""
    shown = get_object_or_404(Experiment, pk=key)
    action = request.POST.get("action")
    if action == "start":
        try:
            running.start(shown, timezone.now())
        except AnotherRuns as error:
            messages.error(request, str(error))
    elif action == "stop":
        stop(shown, timezone.now())
    else:
        return HttpResponseBadRequest(_("Say start or stop."))
    return HttpResponseRedirect(reverse("experiment", args=[key]))


def _opened(shown: Experiment) -> str:
    if shown.is_planned:
        return ""
    found = outcome(shown)
    return verdict(found.opened, found).sentence


def _changes(shown: Experiment) -> list[tuple[str, str]]:
    """What the variant changes, by its name in the admin."""
    names = {field.name: str(field.verbose_name) for field in Experiment._meta.fields}
    changed = [(names[name], str(weight)) for name, weight in shown.weights.items()]
    return changed + [
        (names[name], _("off")) for name in ("synonyms", "curation") if not getattr(shown, name)
    ]
