"""The REST endpoints of analytics."""

from django.urls import path

from analytics.api.views import ClickView, StatsView

urlpatterns = [
    path("events/click", ClickView.as_view(), name="api-click"),
    path("admin/stats", StatsView.as_view(), name="api-stats"),
]
