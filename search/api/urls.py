from django.urls import path

from search.api.multi import MultiSearchView
from search.api.products import ProductsView
from search.api.query_images import QueryImageView
from search.api.suggest import SuggestView
from search.api.views import ImageSearchView, RecommendView, SimilarProductsView, TextSearchView

urlpatterns = [
    path("products", ProductsView.as_view(), name="api-products"),
    path("suggest", SuggestView.as_view(), name="api-suggest"),
    path("recommend", RecommendView.as_view(), name="api-recommend"),
    path("text-search", TextSearchView.as_view(), name="api-text-search"),
    path("image-search", ImageSearchView.as_view(), name="api-image-search"),
    path("multi-search", MultiSearchView.as_view(), name="api-multi-search"),
    path("query-images/<str:image_id>", QueryImageView.as_view(), name="api-query-image"),
    path("similar-products/<path:product_id>", SimilarProductsView.as_view(), name="api-similar-products"),
]
