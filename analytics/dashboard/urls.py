"""The pages of the dashboard."""

from django.urls import path

from analytics.dashboard import views
from analytics.experiments import views as experiment_views

urlpatterns = [
    path("admin/dashboard", views.dashboard, name="dashboard"),
    path("admin/dashboard/searches", views.searches, name="dashboard-searches"),
    path("admin/dashboard/experiments", experiment_views.experiments, name="experiments"),
    path("admin/dashboard/experiments/<int:key>", experiment_views.experiment, name="experiment"),
    path("admin/dashboard/experiments/<int:key>/change", experiment_views.change, name="experiment-change"),
    path("admin/dashboard/<slug:name>.csv", views.export, name="dashboard-csv"),
]
