"""Pages of the catalogue."""

from django.urls import path

from catalog import views

urlpatterns = [path("products/<str:product_id>", views.product, name="product")]
