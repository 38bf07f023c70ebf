"""Forms of the account pages; accounts.sign_in holds the rules."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import SignIn, SignInQuerySet, User
from accounts.sign_in import credentials, recovery
from accounts.sign_in.passwords import MAX_PASSWORD_LENGTH


class PasswordField(forms.CharField):
    """A password, taken as typed: spaces count."""

    def __init__(self, *, autocomplete: str, **kwargs: Any) -> None:
        widget = forms.PasswordInput(attrs={"autocomplete": autocomplete})
        super().__init__(widget=widget, strip=False, max_length=MAX_PASSWORD_LENGTH, **kwargs)


class NewPasswordField(PasswordField):
    # The minimum length of the help text is that of settings.AUTH_PASSWORD_VALIDATORS.
    def __init__(self, *, label: str | Promise) -> None:
        super().__init__(label=label, autocomplete="new-password", help_text=_("At least 10 characters."))


class EmailField(forms.EmailField):
    def __init__(self) -> None:
        widget = forms.EmailInput(attrs={"autocomplete": "username"})
        super().__init__(label=_("E-mail address"), max_length=254, widget=widget)


class KeptFavoritesField(forms.CharField):
    """A list of the product ids that the browser collected, sent separated by commas."""

    def __init__(self) -> None:
        # Enough for MAX_MERGED ids of 100 characters and their commas.
        super().__init__(required=False, max_length=25_000, widget=forms.HiddenInput)

    def clean(self, value: Any) -> list[str]:
        return [one.strip() for one in super().clean(value).split(",") if one.strip()]


class LoginForm(forms.Form):
    """E-mail and password; ``user`` is their user once the form is valid."""

    email = EmailField()
    password = PasswordField(label=_("Password"), autocomplete="current-password")
    favorites = KeptFavoritesField()

    def __init__(self, *args: Any, request: HttpRequest, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.request = request
        self.user: User | None = None

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if "email" in data and "password" in data:
            try:
                self.user = credentials.authenticate(
                    self.request, email=data["email"], password=data["password"]
                )
            except credentials.CredentialsRefused as error:
                raise ValidationError(str(error)) from None
        return data


class NewPasswordForm(forms.Form):
    """Checks a new password, also against the user's own name and address."""

    password_field = "new_password"  # noqa: S105  # nosec B105 - a field's name

    def user_data(self, data: dict[str, Any]) -> dict[str, str]:
        """The user's ``email`` and ``name``, which the password must not resemble."""
        return {"email": data.get("email", ""), "name": data.get("name", "")}

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get(self.password_field):
            try:
                credentials.check_new_password(data[self.password_field], **self.user_data(data))
            except ValidationError as error:
                self.add_error(self.password_field, error)
        return data


class RegisterForm(NewPasswordForm):
    """A new account. Only ``register`` checks whether the address is taken, not the inline validation."""

    password_field = "password"  # noqa: S105  # nosec B105 - a field's name

    name = forms.CharField(
        label=_("Name"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    email = EmailField()
    password = NewPasswordField(label=_("Password"))
    favorites = KeptFavoritesField()

    def register(self) -> User | None:
        """Create the account, or add an error and return None."""
        fields = {name: self.cleaned_data[name] for name in ("email", "password", "name")}
        try:
            return credentials.register(**fields)
        except credentials.AddressTaken as error:
            self.add_error("email", str(error))
            return None


class NameForm(forms.ModelForm):  # type: ignore[type-arg]  # takes no argument at run time
    """Name and preferences, which need no password to change."""

    class Meta:
        model = User
        fields = ("name", "personal_results")
        help_texts = {"personal_results": _("Prefer results that resemble what I have kept and opened.")}

    def save(self, commit: bool = True) -> User:  # noqa: FBT001, FBT002 - Django's signature
        # Not the password that another request changes meanwhile.
        user: User = self.instance
        if commit:
            user.save(update_fields=[*self.fields, "updated_at"])
        return user


class CurrentPasswordForm(forms.Form):
    """Asks for the current password; wrong ones count towards the lock-out."""

    password = PasswordField(label=_("Current password"), autocomplete="current-password")

    def __init__(self, *args: Any, request: HttpRequest, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.request, self.user = request, user

    def clean_password(self) -> str:
        password: str = self.cleaned_data["password"]
        try:
            credentials.check_current_password(self.request, self.user, password)
        except credentials.WrongPassword as error:
            raise ValidationError(str(error)) from None
        return password


class ExistingUserPasswordForm(NewPasswordForm):
    """A new password for the existing ``user``."""

    user: User
    new_password = NewPasswordField(label=_("New password"))

    def user_data(self, data: dict[str, Any]) -> dict[str, str]:
        return {"email": self.user.email, "name": self.user.name}


class PasswordForm(CurrentPasswordForm, ExistingUserPasswordForm):
    """A new password for the signed-in user."""

    field_order = ("password", "new_password")


class ForgotForm(forms.Form):
    """The address to mail a reset link to."""

    email = EmailField()


class ResetForm(ExistingUserPasswordForm):
    """A new password for the user of a reset link; Django's view calls ``save``."""

    def __init__(self, user: User, *args: Any, token: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        self.token = token

    def save(self) -> User:
        """Raises LinkRefused where the link was used since the form was sent."""
        recovery.use_link(self.user, self.token, self.cleaned_data["new_password"])
        return self.user


class SignInsForm(CurrentPasswordForm):
    """Ends the ``chosen`` ones of the user's other sign-ins, or all others."""

    chosen = forms.ModelMultipleChoiceField(SignIn.objects.none(), required=False)
    which = forms.ChoiceField(choices=[("chosen", ""), ("others", "")])

    field_order = ("chosen", "which", "password")

    def __init__(self, *args: Any, current: SignIn | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.others = SignIn.objects.for_user(self.user, timezone.now()).excluding(current)
        self.fields["chosen"].queryset = self.others  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("which") == "chosen" and not data.get("chosen"):
            self.add_error("chosen", _("Choose what to sign out."))
        return data

    def end(self) -> None:
        ended: SignInQuerySet = self.others
        if self.cleaned_data["which"] == "chosen":
            ended = ended.filter(pk__in=self.cleaned_data["chosen"])
        ended.end(timezone.now())


class DeleteForm(CurrentPasswordForm):
    """Confirms the deletion of the account."""
