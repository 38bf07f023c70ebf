"""How passwords are hashed, and what refusing one costs where the address has no account."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.hashers import Argon2PasswordHasher, get_hashers, make_password
from django.core.cache import cache
from django.http import HttpRequest
from django.utils.crypto import salted_hmac

from accounts.models import User

_SALT = "accounts.sign_in.hashing"
_SHARES_KEY = "accounts:older-hashes"
_SHARES_SECONDS = 3600


class Argon2id(Argon2PasswordHasher):
    """Argon2id with 19 MiB, two passes and one thread, as OWASP's Password Storage Cheat Sheet asks at least.

    Memory bounds guessing on graphics cards, where PBKDF2 needs a million rounds: some 300 ms of processor
    time for each sign-in, against 25. With Django's own 100 MiB and 8 threads, a few sign-ins at once would
    crowd out searches.
    """

    time_cost = 2
    memory_cost = 19 * 1024  # KiB
    parallelism = 1


class PasswordBackend(ModelBackend):
    """Django's own, but that the work for an unknown address may be that of an older hasher.

    Accounts keep the hash of before until their next sign-in, and refusing a password takes as long as it
    asks. If unknown addresses always took the time of the first hasher, a slow refusal would mean that there
    is an account.
    """

    def authenticate(
        self,
        request: HttpRequest | None,
        username: str | None = None,
        password: str | None = None,
        **kwargs: Any,
    ) -> User | None:
        email = username if username is not None else kwargs.get(User.USERNAME_FIELD)
        if email is None or password is None:
            return None
        # Chosen before it is known whether there is an account, so that this too is the same work.
        hasher = usual_hasher(email)
        try:
            user = User.objects.get_by_natural_key(email)
        except User.DoesNotExist:
            make_password(password, hasher=hasher)
            return None
        return user if user.check_password(password) and self.user_can_authenticate(user) else None


def usual_hasher(email: str) -> str:
    """The name of the hasher for an address without an account, "default" for the first.

    Addresses get older ones as often as accounts have them, and each address always the same: refusals that
    took now one time, now another, would reveal that there is no account.
    """
    place = int(salted_hmac(_SALT, email).hexdigest()[:8], 16) / 2**32
    for algorithm, share in _shares_of_older().items():
        if place < share:
            return algorithm
        place -= share
    return "default"


def _shares_of_older() -> dict[str, float]:
    """For each hasher but the first, the share in [0, 1] of accounts that it hashed; counted once an hour."""
    shares: dict[str, float] | None = cache.get(_SHARES_KEY)
    if shares is None:
        older = [str(hasher.algorithm) for hasher in get_hashers()[1:]]
        counts = {each: User.objects.filter(password__startswith=f"{each}$").count() for each in older}
        all_accounts = max(User.objects.count(), 1)
        shares = {each: count / all_accounts for each, count in counts.items()}
        cache.set(_SHARES_KEY, shares, _SHARES_SECONDS)
    return shares
