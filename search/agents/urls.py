from django.urls import re_path

from search.agents.views import McpView

urlpatterns = [
    re_path(r"^mcp/?$", McpView.as_view(), name="mcp"),
]
