"""The REST endpoints of analytics."""

from django.urls import path

from analytics.api.views import ClickView, StatsView
from analytics.events.api.pixel import PixelView
from analytics.events.api.views import EventsView
from analytics.sessions.api import SessionView

urlpatterns = [
    path("events", EventsView.as_view(), name="api-events"),
    path("events/pixel.gif", PixelView.as_view(), name="api-events-pixel"),
    path("session/forget", SessionView.as_view(), name="api-session"),
    path("events/click", ClickView.as_view(), name="api-click"),
    path("admin/stats", StatsView.as_view(), name="api-stats"),
]
