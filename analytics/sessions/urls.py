"""The page form that switches sessions off and on."""

from django.urls import path

from analytics.sessions.views import session

urlpatterns = [path("session", session, name="session")]
