"""The pages of accounts; the admin's sign-in and sign-out lead to them too."""

from django.urls import path

from accounts.pages import account_views, reset_views, views

urlpatterns = [
    path("auth/login", views.login, name="login"),
    path("auth/register", views.register, name="register"),
    path("auth/register/check", views.register_check, name="register-check"),
    path("auth/logout", views.logout, name="logout"),
    path("auth/account", account_views.account, name="account"),
    path("auth/account/export", account_views.export_account, name="account-export"),
    path("auth/forgot", reset_views.forgot, name="forgot"),
    path("auth/reset/<uidb64>/<token>", reset_views.Reset.as_view(), name="reset"),
    path("favorites", views.favorite_list, name="favorites"),
    path("favorites/<path:product_id>/toggle", views.favorite_toggle, name="favorite-toggle"),
    path("admin/login/", views.admin_login),
    path("admin/logout/", views.logout),
]
