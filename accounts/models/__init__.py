"""The tables of accounts: users, their sign-ins and favourites, and API keys."""

from accounts.api_keys import ApiKey
from accounts.models.favorites import Favorite, FavoriteQuerySet
from accounts.models.sign_ins import RefreshReused, SignIn, SignInQuerySet
from accounts.models.users import User, UserManager

__all__ = [
    "ApiKey",
    "Favorite",
    "FavoriteQuerySet",
    "RefreshReused",
    "SignIn",
    "SignInQuerySet",
    "User",
    "UserManager",
]
