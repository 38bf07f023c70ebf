from django.urls import path

from search.api.alerts import AlertsView, AlertView, ConfirmAlertView, StopAlertView
from search.api.looks import CompleteTheLookView
from search.api.multi import MultiSearchView
from search.api.products import ProductsView
from search.api.query_images import QueryImageView
from search.api.suggest import SuggestView
from search.api.views import ImageSearchView, RecommendView, SimilarProductsView, TextSearchView

urlpatterns = [
    path("alerts", AlertsView.as_view(), name="api-alerts"),
    path("alerts/confirm", ConfirmAlertView.as_view(), name="api-alert-confirm"),
    path("alerts/stop", StopAlertView.as_view(), name="api-alert-stop"),
    path("alerts/<uuid:alert_id>", AlertView.as_view(), name="api-alert"),
    path("products", ProductsView.as_view(), name="api-products"),
    path("suggest", SuggestView.as_view(), name="api-suggest"),
    path("recommend", RecommendView.as_view(), name="api-recommend"),
    path("text-search", TextSearchView.as_view(), name="api-text-search"),
    path("image-search", ImageSearchView.as_view(), name="api-image-search"),
    path("multi-search", MultiSearchView.as_view(), name="api-multi-search"),
    path("query-images/<str:image_id>", QueryImageView.as_view(), name="api-query-image"),
    path("similar-products/<path:product_id>", SimilarProductsView.as_view(), name="api-similar-products"),
    path("complete-the-look/<path:product_id>", CompleteTheLookView.as_view(), name="api-complete-the-look"),
]
