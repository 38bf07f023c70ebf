"""Pages of search."""

from django.urls import path

from search.pages import alert_views, browsing_views, curating_views, views
from search.pages.replay import views as replay_views

urlpatterns = [
    path("", views.home, name="home"),
    path("results", views.results, name="results"),
    path("results/pieces", views.pieces, name="pieces"),
    path("results/curate", curating_views.curate, name="curate"),
    path("results/compare", curating_views.compare, name="compare"),
    path("results/delete-picture", views.delete_picture, name="delete-picture"),
    path("admin/dashboard/experiments/<int:key>/replay", replay_views.replay, name="experiment-replay"),
    path("category/<path:address>", browsing_views.category, name="category"),
    path("brand/<path:address>", browsing_views.brand, name="brand"),
    path("new", browsing_views.new_in, name="new-in"),
    path("sale", browsing_views.on_sale, name="on-sale"),
    path("recently-viewed", browsing_views.recently_viewed, name="recently-viewed"),
    path("products/<str:product_id>/similar", views.similar, name="similar"),
    path("alerts", alert_views.alerts, name="alerts"),
    path("alerts/asked", alert_views.asked, name="alert-asked"),
    path("alerts/<uuid:alert_id>/delete", alert_views.delete, name="alert-delete"),
    path("alerts/confirm/<str:token>", alert_views.confirm, name="alert-confirm"),
    path("alerts/stop/<str:token>", alert_views.stop, name="alert-stop"),
    path("products/<str:product_id>/look", browsing_views.look, name="look"),
]
