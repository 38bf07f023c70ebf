from django.conf import settings
from django.urls import path, re_path

from search.agents.ucp.profile import EXTENSION_SCHEMA
from search.agents.ucp.views import CatalogMcpView, CatalogView, ExtensionSchemaView, ProfileView
from search.agents.views import McpView

if settings.MCP or settings.UCP:
    # It takes seconds to import, which no agent should wait for.
    from search.agents import transport  # noqa: F401

urlpatterns = [
    re_path(r"^mcp/?$", McpView.as_view(), name="mcp"),
    path(".well-known/ucp", ProfileView.as_view(), name="ucp"),
    path(EXTENSION_SCHEMA.lstrip("/"), ExtensionSchemaView.as_view(), name="ucp-extension"),
    re_path(r"^ucp/mcp/?$", CatalogMcpView.as_view(), name="ucp-mcp"),
    path("ucp/catalog/search", CatalogView.as_view(operation="search_catalog"), name="ucp-search"),
    path("ucp/catalog/lookup", CatalogView.as_view(operation="lookup_catalog"), name="ucp-lookup"),
    path("ucp/catalog/product", CatalogView.as_view(operation="get_product"), name="ucp-product"),
]
