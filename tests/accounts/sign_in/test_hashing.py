"""How passwords are hashed, when, and that refusals tell nothing by their work while old hashes remain."""

import pytest
from django.contrib.auth import base_user
from django.contrib.auth.hashers import Argon2PasswordHasher, PBKDF2PasswordHasher, identify_hasher
from django.db import connection
from django.test import Client

from accounts.models import User
from accounts.sign_in import credentials
from accounts.sign_in.hashing import usual_hasher
from config.settings.people import PASSWORD_HASHERS
from tests.accounts.conftest import PASSWORD

OLD = "pbkdf2_sha256"


@pytest.fixture
def shop_hashers(settings, monkeypatch):
    """The shop's own hashers, the older one in few rounds."""
    settings.PASSWORD_HASHERS = PASSWORD_HASHERS
    monkeypatch.setattr(PBKDF2PasswordHasher, "iterations", 10)


def user_with_old_hash(number):
    user = User(email=f"old{number}@example.com")
    user.password = PBKDF2PasswordHasher().encode(PASSWORD, "a salt of old")
    user.save()
    return user


def hashers_of(monkeypatch, act):
    """The algorithms that ``act`` hashes by, in order."""
    used = []
    with monkeypatch.context() as patch:
        for kind in (Argon2PasswordHasher, PBKDF2PasswordHasher):
            for method in ("encode", "verify"):
                real = getattr(kind, method)

                def counted(self, *args, _real=real, **kwargs):
                    if not used or used[-1] != self.algorithm:  # verifying by PBKDF2 encodes
                        used.append(self.algorithm)
                    return _real(self, *args, **kwargs)

                patch.setattr(kind, method, counted)
        act()
    return used


def refuse(email):
    answer = Client().post("/auth/login", {"email": email, "password": "wrong but long"})
    assert answer.status_code == 422


@pytest.mark.django_db
@pytest.mark.usefixtures("shop_hashers")
def test_new_passwords_are_hashed_by_argon2id():
    user = credentials.register(email="ada@example.com", password=PASSWORD, name="Ada")
    assert user.password.startswith("argon2$argon2id$v=19$m=19456,t=2,p=1$")
    assert user.check_password(PASSWORD)
    assert not user.check_password(PASSWORD + "!")


@pytest.mark.django_db
@pytest.mark.usefixtures("shop_hashers")
def test_a_password_of_before_signs_in_and_is_hashed_anew():
    user = user_with_old_hash(1)
    answer = Client().post("/auth/login", {"email": user.email, "password": PASSWORD})
    assert answer.status_code == 302
    user.refresh_from_db()
    assert identify_hasher(user.password).algorithm == "argon2"


@pytest.mark.django_db
@pytest.mark.usefixtures("shop_hashers")
def test_unknown_addresses_are_refused_by_argon2id_where_no_old_hash_is_left(monkeypatch):
    credentials.register(email="ada@example.com", password=PASSWORD, name="Ada")
    for email in ("ada@example.com", "nobody@example.com"):
        assert hashers_of(monkeypatch, lambda email=email: refuse(email)) == ["argon2"]


@pytest.mark.django_db
@pytest.mark.usefixtures("shop_hashers")
def test_unknown_addresses_are_refused_by_the_old_hasher_where_every_hash_is_old(monkeypatch):
    user = user_with_old_hash(1)
    for email in (user.email, "nobody@example.com"):
        assert hashers_of(monkeypatch, lambda email=email: refuse(email)) == [OLD]


@pytest.mark.django_db
@pytest.mark.usefixtures("shop_hashers")
def test_unknown_addresses_have_old_hashes_as_often_as_accounts_do(settings):
    settings.SECRET_KEY = "one key, so that the same addresses are chosen each time"
    user_with_old_hash(1)
    for number in range(3):
        credentials.register(email=f"new{number}@example.com", password=PASSWORD, name="New")
    addresses = [f"nobody{number}@example.com" for number in range(400)]
    chosen = [usual_hasher(email) for email in addresses]
    # A quarter of 400, within four standard deviations.
    assert 65 <= chosen.count(OLD) <= 135
    assert chosen == [usual_hasher(email) for email in addresses]


@pytest.mark.django_db(transaction=True)
def test_registering_hashes_outside_the_transaction(monkeypatch):
    """On SQLite every other writer would wait meanwhile."""
    seen, real = [], base_user.make_password

    def noted(*args, **kwargs):
        seen.append(connection.in_atomic_block)
        return real(*args, **kwargs)

    monkeypatch.setattr(base_user, "make_password", noted)
    credentials.register(email="ada@example.com", password="seven green umbrellas", name="Ada")
    assert seen == [False]
