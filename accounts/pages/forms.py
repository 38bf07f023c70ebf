"""What people type about themselves: parsed here, judged by accounts.entry."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import SignIn, SignInQuerySet, User
from accounts.sign_in import credentials as entry

# Long enough for any passphrase, short enough that hashing stays cheap.
LONGEST_PASSWORD = 128


class PasswordField(forms.CharField):
    """A password, taken as typed: spaces count."""

    def __init__(self, *, autocomplete: str, **kwargs: Any) -> None:
        widget = forms.PasswordInput(attrs={"autocomplete": autocomplete})
        super().__init__(widget=widget, strip=False, max_length=LONGEST_PASSWORD, **kwargs)


class KeptFavoritesField(forms.CharField):
    """Product ids that the browser kept, separated by commas, as a list."""

    def __init__(self) -> None:
        super().__init__(required=False, max_length=25_000, widget=forms.HiddenInput)

    def clean(self, value: Any) -> list[str]:
        return [one.strip() for one in super().clean(value).split(",") if one.strip()]


class LoginForm(forms.Form):
    """E-mail and password; ``user`` is who they belong to once the form is valid."""

    email = forms.EmailField(
        label=_("E-mail address"), max_length=254, widget=forms.EmailInput(attrs={"autocomplete": "username"})
    )
    password = PasswordField(label=_("Password"), autocomplete="current-password")
    favorites = KeptFavoritesField()

    def __init__(self, *args: Any, request: HttpRequest, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.request = request
        self.user: User | None = None

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if "email" in data and "password" in data:
            self.user = entry.authenticate(self.request, email=data["email"], password=data["password"])
            if self.user is None:
                raise ValidationError(
                    _("E-mail address and password do not match. Check both and try again.")
                )
        return data


class NewPassword(forms.Form):
    """A form with a new password, judged against the person's own name and address."""

    password_field = "new_password"  # noqa: S105  # nosec B105 - a field's name

    def about(self, data: dict[str, Any]) -> dict[str, str]:
        """The person's ``email`` and ``name``, which the password must not resemble."""
        return {"email": data.get("email", ""), "name": data.get("name", "")}

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get(self.password_field):
            try:
                entry.check_new_password(data[self.password_field], **self.about(data))
            except ValidationError as weak:
                self.add_error(self.password_field, weak)
        return data


class RegisterForm(NewPassword):
    """A new account. Whether the address is taken is not asked here, but only on registering."""

    password_field = "password"  # noqa: S105  # nosec B105 - a field's name

    name = forms.CharField(
        label=_("Name"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    email = forms.EmailField(
        label=_("E-mail address"), max_length=254, widget=forms.EmailInput(attrs={"autocomplete": "username"})
    )
    password = PasswordField(
        label=_("Password"), autocomplete="new-password", help_text=_("At least 10 characters.")
    )
    favorites = KeptFavoritesField()

    def register(self) -> User | None:
        """Make the account, or add the error that says what to do instead and return None."""
        fields = {name: self.cleaned_data[name] for name in ("email", "password", "name")}
        try:
            return entry.register(**fields)
        except entry.AddressTaken:
            self.add_error("email", _("This address cannot be registered. If it is yours, sign in instead."))
            return None


class NameForm(forms.ModelForm):
    """The two things about an account that its owner changes freely."""

    class Meta:
        model = User
        fields = ("name", "personal_results")
        help_texts = {"personal_results": _("Lean results towards what I have kept and opened.")}


class OwnerForm(forms.Form):
    """Asks the signed-in person for the password again; wrong ones count towards the lock-out."""

    password = PasswordField(label=_("Current password"), autocomplete="current-password")

    def __init__(self, *args: Any, request: HttpRequest, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.request, self.user = request, user

    def clean_password(self) -> str:
        password: str = self.cleaned_data["password"]
        if entry.authenticate(self.request, email=self.user.email, password=password) != self.user:
            raise ValidationError(_("This is not your current password."))
        return password


class PersonsNewPassword(NewPassword):
    """A new password for ``user``, who is known already."""

    user: User
    new_password = PasswordField(
        label=_("New password"), autocomplete="new-password", help_text=_("At least 10 characters.")
    )

    def about(self, data: dict[str, Any]) -> dict[str, str]:
        return {"email": self.user.email, "name": self.user.name}


class PasswordForm(OwnerForm, PersonsNewPassword):
    """A new password for the signed-in person."""

    field_order = ("password", "new_password")


class ForgotForm(forms.Form):
    """Where to send a link for a new password."""

    email = forms.EmailField(
        label=_("E-mail address"), max_length=254, widget=forms.EmailInput(attrs={"autocomplete": "username"})
    )


class ResetForm(PersonsNewPassword):
    """A new password for the person whom a link by mail was sent to; Django's view calls ``save``."""

    def __init__(self, user: User, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def save(self) -> User:
        """Set the password, which ends every sign-in."""
        self.user.change_password(self.cleaned_data["new_password"])
        return self.user


class SignInsForm(OwnerForm):
    """Signs out elsewhere: the ``chosen`` of one's other sign-ins, or all of the others."""

    chosen = forms.ModelMultipleChoiceField(SignIn.objects.none(), required=False)
    which = forms.ChoiceField(choices=[("chosen", ""), ("others", "")])

    field_order = ("chosen", "which", "password")

    def __init__(self, *args: Any, current: SignIn | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.others = SignIn.objects.of(self.user, timezone.now()).besides(current)
        self.fields["chosen"].queryset = self.others  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("which") == "chosen" and not data.get("chosen"):
            self.add_error("chosen", _("Choose what to sign out."))
        return data

    def end(self) -> None:
        """End what was chosen; its tokens are refused from now on."""
        ended: SignInQuerySet = self.others
        if self.cleaned_data["which"] == "chosen":
            ended = ended.filter(pk__in=self.cleaned_data["chosen"])
        ended.end(timezone.now())


class DeleteForm(OwnerForm):
    """Deletes the account for good."""
