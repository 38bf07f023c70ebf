"""Pages of search."""

from django.urls import path

from search.pages import views

urlpatterns = [
    path("", views.home, name="home"),
    path("results", views.results, name="results"),
    path("results/delete-picture", views.delete_picture, name="delete-picture"),
    path("products/<str:product_id>/similar", views.similar, name="similar"),
]
