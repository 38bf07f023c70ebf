"""The dashboard's pages: numbers, one table as CSV, and the searches behind a query."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from analytics.dashboard import attention, stats
from analytics.dashboard.forms import PeriodForm
from analytics.dashboard.tables import table, tables
from analytics.models import SearchLog

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponse]
PER_PAGE = 50
PERIODS = (1, 7, 30, 90, 365)


def for_staff(view: View[P]) -> View[P]:
    """Strangers are sent to the sign-in page, other people are refused."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        if not request.user.sees_dashboard:
            raise PermissionDenied(_("The dashboard is for staff. Ask one of them for access."))
        return never_cache(require_safe(view))(request, *args, **kwargs)

    return guarded


@for_staff
def dashboard(request: HttpRequest) -> HttpResponse:
    """The numbers of a period; a period that makes no sense shows why, and the last 30 days."""
    now = timezone.now()
    form = PeriodForm(request.GET, now=now)
    valid = form.is_valid()
    period = form.cleaned_data if valid else {"days": 30}
    figures = stats.dashboard(now=now, **period)
    context = {
        "form": form,
        "days": period["days"],
        "figures": figures,
        "tables": {one.name.replace("-", "_"): one for one in tables(figures)},
        "periods": PERIODS,
        "needs": attention.needs(figures),
        "has_demo": SearchLog.objects.filter(is_demo=True).exists(),
        "query": request.GET.urlencode(),
    }
    return render(request, "analytics/dashboard.html", context, status=200 if valid else 400)


@for_staff
def export(request: HttpRequest, name: str) -> HttpResponse:
    """One table of the dashboard as CSV."""
    now = timezone.now()
    form = PeriodForm(request.GET, now=now)
    if not form.is_valid():
        return HttpResponse(form.errors.as_text(), status=400, content_type="text/plain; charset=utf-8")
    figures = stats.dashboard(now=now, **form.cleaned_data)
    try:
        content = table(figures, name).as_csv()
    except KeyError:
        raise Http404 from None
    file = f"tandem-{name}-{figures['from']}-{figures['to']}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{file}"'}
    # The mark at the beginning tells Excel that it is UTF-8.
    return HttpResponse(f"\ufeff{content}", content_type="text/csv; charset=utf-8", headers=headers)


@for_staff
def searches(request: HttpRequest) -> HttpResponse:
    """The single searches behind a query, newest first."""
    text = request.GET.get("q", "")[:500].replace("\x00", "")
    found = SearchLog.objects.asked(text).prefetch_related("clicks")
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "analytics/searches.html", {"text": text, "page": page})
