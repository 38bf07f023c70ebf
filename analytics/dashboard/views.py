"""The dashboard's pages: the figures, one table as CSV, and the single searches for a query."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from analytics.dashboard import alerts, inventory, stats
from analytics.dashboard.access import dashboard_page
from analytics.dashboard.forms import PeriodForm
from analytics.dashboard.tables import table, tables
from analytics.models import SearchLog

PER_PAGE = 50
PERIODS = (1, 7, 30, 90, 365)


@dashboard_page
def dashboard(request: HttpRequest) -> HttpResponse:
    """The figures of a period; for an invalid period the form's errors and the last 30 days."""
    now = timezone.now()
    form = PeriodForm(request.GET, now=now)
    valid = form.is_valid()
    period = form.cleaned_data if valid else {"days": 30}
    figures = stats.dashboard(now=now, **period)
    shown = list(tables(figures))
    context = {
        "form": form,
        "days": period["days"],
        "figures": figures,
        "tables": {one.name.replace("-", "_"): one for one in shown},
        "with_page": inventory.with_page(
            row["product_id"] for one in shown for row in one.rows if "product_id" in row
        ),
        "periods": PERIODS,
        "alerts": alerts.alerts(figures),
        "has_demo": SearchLog.objects.filter(is_demo=True).exists(),
        "query": request.GET.urlencode(),
    }
    return render(request, "analytics/dashboard.html", context, status=200 if valid else 400)


@dashboard_page
def export(request: HttpRequest, name: str) -> HttpResponse:
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
    # The byte order mark makes Excel read the file as UTF-8.
    return HttpResponse(f"\ufeff{content}", content_type="text/csv; charset=utf-8", headers=headers)


@dashboard_page
def searches(request: HttpRequest) -> HttpResponse:
    # PostgreSQL refuses a null byte in a text.
    text = request.GET.get("q", "")[:500].replace("\x00", "")
    found = SearchLog.objects.for_query(text).prefetch_related("clicks")
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    opened = (click.product_id for log in page for click in log.clicks.all())
    context = {
        "text": text,
        "page": page,
        "visits": found.visits(),
        "with_page": inventory.with_page(opened),
    }
    return render(request, "analytics/searches.html", context)
