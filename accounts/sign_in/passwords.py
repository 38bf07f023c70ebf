"""Rules for passwords beyond those of Django's validators."""

from __future__ import annotations

from collections.abc import Sequence

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from accounts.models import User

# Characters: long enough for any passphrase, short enough that hashing stays cheap.
MAX_PASSWORD_LENGTH = 128


class ShopWordsValidator:
    """Refuses a password that consists mainly of ``words``, which an attacker would try at this shop."""

    # Characters that must remain once the words are removed.
    MIN_REST = 6

    def __init__(self, words: Sequence[str]) -> None:
        # Longest first: removing a short word from inside a longer one would leave a rest of the longer one.
        self.words = sorted((word.lower() for word in words), key=len, reverse=True)

    def validate(self, password: str, user: User | None = None) -> None:
        rest = password.lower()
        for word in self.words:
            rest = rest.replace(word, "")
        if rest != password.lower() and len(rest) < self.MIN_REST:
            raise ValidationError(self.get_help_text(), code="password_of_shop_words")

    def get_help_text(self) -> str:
        return _("Do not build the password on the shop's own name or wares.")
