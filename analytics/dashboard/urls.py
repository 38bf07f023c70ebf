"""The pages of the dashboard."""

from django.urls import path

from analytics.dashboard import views

urlpatterns = [
    path("admin/dashboard", views.dashboard, name="dashboard"),
    path("admin/dashboard/searches", views.searches, name="dashboard-searches"),
    path("admin/dashboard/<slug:name>.csv", views.export, name="dashboard-csv"),
]
