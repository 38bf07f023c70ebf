"""Requests and responses of the accounts API; accounts.sign_in and accounts.favorites hold the rules."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError as WeakPassword
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from accounts.models import Favorite, SignIn, User
from accounts.sign_in import credentials
from accounts.sign_in.passwords import MAX_PASSWORD_LENGTH
from rest.serializers import StrictSerializer


class PasswordField(serializers.CharField):
    """A password, taken as typed: spaces count."""

    def __init__(self, **kwargs: Any) -> None:
        style = {"input_type": "password"}
        super().__init__(
            write_only=True, trim_whitespace=False, max_length=MAX_PASSWORD_LENGTH, style=style, **kwargs
        )


class DeliveryField(serializers.ChoiceField):
    """How the tokens are delivered."""

    def __init__(self, **options: Any) -> None:
        super().__init__(
            choices=[("cookies", "HttpOnly cookies"), ("body", "the answer, for Bearer clients")],
            write_only=True,
            error_messages={"invalid_choice": _("Send cookies or body.")},
            **(options or {"default": "cookies", "help_text": "Where the tokens come."}),
        )


class KeptFavoritesField(serializers.ListField):
    """Product ids that the client collected before its user signed in."""

    def __init__(self) -> None:
        # Bounds the request only: of these, favorites.merge adds the first MAX_MERGED.
        child = serializers.CharField(max_length=100)
        what = "Ids of products that the guest has kept: they become favourites."
        super().__init__(
            child=child, required=False, default=list, max_length=1000, write_only=True, help_text=what
        )


class LoginSerializer(StrictSerializer[User]):
    email = serializers.EmailField(max_length=254)
    password = PasswordField()
    tokens = DeliveryField()
    favorites = KeptFavoritesField()


class RegisterSerializer(StrictSerializer[User]):
    email = serializers.EmailField(max_length=254)
    password = PasswordField()
    name = serializers.CharField(max_length=120)
    tokens = DeliveryField()
    favorites = KeptFavoritesField()

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        try:
            credentials.check_new_password(attrs["password"], email=attrs["email"], name=attrs["name"])
        except WeakPassword as error:
            raise serializers.ValidationError({"password": error.messages}) from None
        return attrs


class RefreshSerializer(StrictSerializer[User]):
    refresh = serializers.CharField(
        required=False,
        max_length=4096,
        help_text=_("A Bearer client's refresh token; browsers send the cookie."),
    )
    tokens = DeliveryField(
        required=False, help_text=_("May be left out: the next tokens come as the refresh token did.")
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        # A page's script must not turn the cookies, which it cannot read, into tokens that it can.
        if "tokens" in attrs and (attrs["tokens"] == "body") != ("refresh" in attrs):
            sentence = _("The next tokens come as the refresh token did: in the body, or as cookies.")
            raise serializers.ValidationError({"tokens": [sentence]})
        return attrs


class PersonSerializer(StrictSerializer[User], serializers.ModelSerializer[User]):
    """The signed-in person."""

    roles = serializers.ListField(
        child=serializers.ChoiceField(["shopper", "analyst", "staff"]), read_only=True
    )

    class Meta:
        model = User
        fields = ("id", "email", "name", "personal_results", "roles", "created_at")
        read_only_fields = ("id", "email", "created_at")

    def update(self, instance: User, validated_data: dict[str, Any]) -> User:
        for name, value in validated_data.items():
            setattr(instance, name, value)
        # Not the password that another request changes meanwhile.
        instance.save(update_fields=[*validated_data, "updated_at"])
        return instance


class SignedInSerializer(serializers.Serializer[User]):
    """The response to signing in: the person, and the tokens if requested in the body."""

    user = PersonSerializer()
    access = serializers.CharField(required=False, help_text=_('Only with "tokens": "body".'))
    refresh = serializers.CharField(required=False, help_text=_('Only with "tokens": "body".'))
    expires_in = serializers.IntegerField(help_text="Seconds until the access token expires.")
    refresh_expires_in = serializers.IntegerField(help_text="Seconds until the refresh token expires.")


class PasswordSerializer(StrictSerializer[User]):
    password = PasswordField(help_text=_("The current one."))
    new_password = PasswordField()
    tokens = DeliveryField()


class DeleteSerializer(StrictSerializer[User]):
    password = PasswordField(help_text=_("The current one."))


class ForgotSerializer(StrictSerializer[User]):
    email = serializers.EmailField(max_length=254)


class ResetSerializer(StrictSerializer[User]):
    uid = serializers.CharField(
        max_length=100, help_text=_("The first of the two parts after /auth/reset/ in the link.")
    )
    token = serializers.CharField(max_length=100, help_text=_("The second part."))
    new_password = PasswordField()


class SignInSerializer(serializers.ModelSerializer[SignIn]):
    """One active sign-in of the signed-in person."""

    device = serializers.CharField(read_only=True, help_text=_("The browser in words."))
    last_used_at = serializers.DateTimeField(source="rotated_at", read_only=True)
    current = serializers.SerializerMethodField(help_text=_("Whether this request came by it."))

    class Meta:
        model = SignIn
        fields = ("id", "device", "created_at", "last_used_at", "expires_at", "current")
        read_only_fields = ("created_at", "expires_at")

    def get_current(self, sign_in: SignIn) -> bool:
        current: SignIn | None = self.context["current"]
        return sign_in == current


class EndSignInsSerializer(StrictSerializer[SignIn]):
    password = PasswordField(help_text=_("The current one."))
    ids = serializers.ListField(
        child=serializers.UUIDField(),
        required=False,
        max_length=SignIn.MAX_PER_USER,
        help_text=_("Which to end; all but the current one when it is left out."),
    )


class FavoriteSerializer(serializers.ModelSerializer[Favorite]):
    """One favourite, with its product's card where ``cards`` in the context holds cards by product id."""

    product = serializers.SerializerMethodField(
        required=False, help_text="Only with cards=true; null for a product that left the shop."
    )

    class Meta:
        model = Favorite
        fields = ("product_id", "added_at", "product")

    # The card is the catalogue's, which accounts does not import.
    @extend_schema_field({"allOf": [{"$ref": "#/components/schemas/ProductCard"}], "nullable": True})
    def get_product(self, favorite: Favorite) -> Any:
        return self.context["cards"].get(favorite.product_id)

    def get_fields(self) -> dict[str, Any]:
        fields = super().get_fields()
        if self.context.get("cards") is None and "view" not in self.context:
            fields.pop("product")
        return fields


class NewFavoriteSerializer(StrictSerializer[Favorite]):
    product_id = serializers.CharField(max_length=100)


class FavoritePageQuerySerializer(StrictSerializer[Favorite]):
    top_k = serializers.IntegerField(
        required=False, min_value=1, max_value=100, help_text="How many; all when it is left out."
    )
    offset = serializers.IntegerField(default=0, min_value=0, max_value=1000, help_text="How many to skip.")
    cards = serializers.BooleanField(default=False, help_text="Whether each comes with its product's card.")
