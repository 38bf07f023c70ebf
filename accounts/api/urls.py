"""The REST endpoints of accounts."""

from django.urls import path

from accounts.api import account_views, favorite_views, views
from accounts.pages.views import resume

urlpatterns = [
    path("auth/register", views.Register.as_view(), name="api-register"),
    path("auth/login", views.Login.as_view(), name="api-login"),
    path("auth/refresh", views.Refresh.as_view(), name="api-refresh"),
    path("auth/logout", views.Logout.as_view(), name="api-logout"),
    path("auth/forgot", views.Forgot.as_view(), name="api-forgot"),
    path("auth/reset", views.Reset.as_view(), name="api-reset"),
    path("auth/me", account_views.Me.as_view(), name="api-me"),
    path("auth/password", account_views.Password.as_view(), name="api-password"),
    path("auth/sign-ins", account_views.SignIns.as_view(), name="api-sign-ins"),
    path("auth/sign-ins/end", account_views.EndSignIns.as_view(), name="api-end-sign-ins"),
    path("auth/delete", account_views.Delete.as_view(), name="api-delete-account"),
    path("auth/export", account_views.Export.as_view(), name="api-export"),
    path("auth/resume", resume, name="api-auth-resume"),
    path("favorites", favorite_views.Favorites.as_view(), name="api-favorites"),
    path("favorites/<path:product_id>", favorite_views.FavoriteDetail.as_view(), name="api-favorite"),
]
