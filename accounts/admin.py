"""Users, favourites and sign-ins in the admin."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts.api_key_admin import ApiKeyAdmin  # noqa: F401 - registers itself
from accounts.models import Favorite, SignIn, User

admin.site.site_header = admin.site.site_title = "Tandem"
admin.site.index_title = _("Shop")
admin.site.enable_nav_sidebar = True


class ReadOnlyAdmin(admin.ModelAdmin):  # type: ignore[type-arg]  # takes no argument at run time
    """For rows that the application writes: they can be viewed, not added, changed or deleted."""

    # Counting all rows of a large log is slow.
    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest, *args: Any) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(User)
class AccountAdmin(UserAdmin):  # type: ignore[type-arg]  # takes no argument at run time
    """Accounts by e-mail; deleting one also removes the user from the search log."""

    ordering = ("-created_at",)
    list_display = ("email", "name", "is_active", "is_staff", "favourites", "created_at", "last_login")
    list_filter = ("is_active", "is_staff", "is_superuser", "groups", "created_at")
    search_fields = ("email", "name")
    readonly_fields = ("id", "token_version", "created_at", "updated_at", "last_login")
    fieldsets = (
        (None, {"fields": ("id", "email", "name", "password")}),
        (
            _("What they may do"),
            {"fields": ("is_active", "is_staff", "is_superuser", "groups", "user_permissions")},
        ),
        (_("Their choices"), {"fields": ("personal_results",)}),
        (_("Since"), {"fields": ("created_at", "updated_at", "last_login", "token_version")}),
    )
    add_fieldsets = ((None, {"fields": ("email", "name", "usable_password", "password1", "password2")}),)
    actions = ("deactivate", "sign_out")

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        users: QuerySet[User] = super().get_queryset(request)
        return users.annotate(favourite_count=Count("favorites"))

    @admin.display(description=_("favourites"), ordering="favourite_count")
    def favourites(self, user: User) -> int:
        return int(user.favourite_count)  # type: ignore[attr-defined]

    @admin.action(description=_("Deactivate, and sign out everywhere"), permissions=["change"])
    def deactivate(self, request: HttpRequest, users: QuerySet[User]) -> None:
        # Staff cannot lock themselves out.
        others = users.exclude(email=request.user.get_username())
        keys = list(others.values_list("pk", flat=True))
        SignIn.objects.filter(user__in=keys).end(timezone.now())
        changed = User.objects.filter(pk__in=keys).update(is_active=False)
        self.message_user(
            request, ngettext("%d account deactivated.", "%d accounts deactivated.", changed) % changed
        )

    @admin.action(description=_("Sign out everywhere"), permissions=["change"])
    def sign_out(self, request: HttpRequest, users: QuerySet[User]) -> None:
        SignIn.objects.filter(user__in=users.values("pk")).end(timezone.now())
        self.message_user(request, _("Signed out on every device."))

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        # One by one, because only the model's delete() removes the user's data from other packages.
        for user in queryset:
            user.delete()


@admin.register(Favorite)
class FavoriteAdmin(ReadOnlyAdmin):
    list_display = ("product_id", "user", "added_at")
    list_filter = ("added_at",)
    list_select_related = ("user",)
    search_fields = ("product_id", "user__email")
    date_hierarchy = "added_at"


@admin.register(SignIn)
class SignInAdmin(ReadOnlyAdmin):
    list_display = ("user", "named_device", "created_at", "rotated_at", "expires_at", "ended_at")
    list_filter = (("ended_at", admin.EmptyFieldListFilter), "created_at")
    list_select_related = ("user",)
    search_fields = ("user__email",)
    exclude = ("refresh_id", "previous_refresh_id")

    @admin.display(description=_("device"))
    def named_device(self, sign_in: SignIn) -> str:
        return sign_in.device
