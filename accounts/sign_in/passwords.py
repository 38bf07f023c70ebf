"""What a password must not be made of, besides what Django's validators know."""

from __future__ import annotations

from collections.abc import Sequence

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from accounts.models import User


class ShopWordsValidator:
    """Refuses a password that is little more than words anyone would try at this shop."""

    # Characters that must remain once the words are taken out.
    REST = 6

    def __init__(self, words: Sequence[str]) -> None:
        self.words = sorted((word.lower() for word in words), key=len, reverse=True)

    def validate(self, password: str, user: User | None = None) -> None:
        """Raises ValidationError."""
        rest = password.lower()
        for word in self.words:
            rest = rest.replace(word, "")
        if rest != password.lower() and len(rest) < self.REST:
            raise ValidationError(self.get_help_text(), code="password_of_shop_words")

    def get_help_text(self) -> str:
        return _("Do not build the password on the shop's own name or wares.")
