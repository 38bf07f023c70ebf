"""Users, favourites and sign-ins in the admin."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin, UserAdmin
from django.contrib.auth.models import Group
from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts.api_key_admin import ApiKeyAdmin  # noqa: F401 - registers itself
from accounts.forgetting import before_forgetting
from accounts.models import Favorite, SignIn, User
from accounts.saving import PasswordChangeForm
from rest.admin import ChangedFieldsAdmin

admin.site.site_header = admin.site.site_title = "Tandem"
admin.site.index_title = _("Shop")
admin.site.enable_nav_sidebar = True

# What an account is allowed.
GRANTS = ("is_staff", "is_superuser", "groups", "user_permissions")


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
class AccountAdmin(ChangedFieldsAdmin, UserAdmin):  # type: ignore[type-arg]  # takes no argument at run time
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
            {"fields": ("is_active", *GRANTS)},
        ),
        (_("Their choices"), {"fields": ("personal_results",)}),
        (_("Since"), {"fields": ("created_at", "updated_at", "last_login", "token_version")}),
    )
    add_fieldsets = ((None, {"fields": ("email", "name", "usable_password", "password1", "password2")}),)
    actions = ("deactivate", "sign_out")
    change_password_form = PasswordChangeForm

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> tuple[str, ...]:
        # Nobody grants what they do not hold.
        return self.readonly_fields if _is_superuser(request) else (*self.readonly_fields, *GRANTS)

    def has_add_permission(self, request: HttpRequest) -> bool:
        # Django's page for a new account refuses whoever may not change one.
        return super().has_add_permission(request) and self.has_change_permission(request)

    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        return _may_touch(request, obj) and super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        return _may_touch(request, obj) and super().has_delete_permission(request, obj)

    def delete_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        before_forgetting()  # not within the transaction of this view
        response: HttpResponse = super().delete_view(request, object_id, extra_context)
        return response

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        users: QuerySet[User] = super().get_queryset(request)
        return users.annotate(favourite_count=Count("favorites"))

    @admin.display(description=_("favourites"), ordering="favourite_count")
    def favourites(self, user: User) -> int:
        return int(user.favourite_count)  # type: ignore[attr-defined]

    @admin.action(description=_("Deactivate, and sign out everywhere"), permissions=["change"])
    def deactivate(self, request: HttpRequest, users: QuerySet[User]) -> None:
        # Staff cannot lock themselves out.
        others = _touchable(request, users).exclude(email=request.user.get_username())
        keys = list(others.values_list("pk", flat=True))
        SignIn.objects.filter(user__in=keys).end(timezone.now())
        changed = User.objects.filter(pk__in=keys).update(is_active=False)
        self.message_user(
            request, ngettext("%d account deactivated.", "%d accounts deactivated.", changed) % changed
        )

    @admin.action(description=_("Sign out everywhere"), permissions=["change"])
    def sign_out(self, request: HttpRequest, users: QuerySet[User]) -> None:
        theirs = _touchable(request, users).values("pk")
        SignIn.objects.filter(user__in=theirs).end(timezone.now())
        self.message_user(request, _("Signed out on every device."))

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        # One by one, because only the model's delete() removes the user's data from other packages.
        for user in queryset:
            user.delete()


def _is_superuser(request: HttpRequest) -> bool:
    return bool(getattr(request.user, "is_superuser", False))


def _may_touch(request: HttpRequest, user: User | None) -> bool:
    """Whether this person may change or delete the account: with its password or address they could sign in
    as its owner, who may be allowed more.
    """
    is_staff = user is not None and (user.is_staff or user.is_superuser) and user.pk != request.user.pk
    return not is_staff or _is_superuser(request)


def _touchable(request: HttpRequest, users: QuerySet[User]) -> QuerySet[User]:
    return users if _is_superuser(request) else users.filter(is_staff=False, is_superuser=False)


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


admin.site.unregister(Group)


@admin.register(Group)
class OwnGroupAdmin(ChangedFieldsAdmin, GroupAdmin):
    """Groups, whose rights superusers change alone: staff may be in one."""

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return () if _is_superuser(request) else ("permissions",)
