"""The API's doors for people."""

from django.urls import path

from accounts.api import views
from accounts.views import resume

urlpatterns = [
    path("auth/register", views.Register.as_view(), name="api-register"),
    path("auth/login", views.Login.as_view(), name="api-login"),
    path("auth/refresh", views.Refresh.as_view(), name="api-refresh"),
    path("auth/logout", views.Logout.as_view(), name="api-logout"),
    path("auth/me", views.Me.as_view(), name="api-me"),
    path("auth/password", views.Password.as_view(), name="api-password"),
    path("auth/delete", views.Delete.as_view(), name="api-delete-account"),
    path("auth/export", views.Export.as_view(), name="api-export"),
    path("auth/resume", resume, name="api-auth-resume"),
    path("favorites", views.Favorites.as_view(), name="api-favorites"),
    path("favorites/<path:product_id>", views.FavoriteDetail.as_view(), name="api-favorite"),
]
