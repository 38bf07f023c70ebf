"""Requests and measurements that several tests of accounts share."""

from django.contrib.auth.hashers import MD5PasswordHasher
from django.test import Client
from django.utils import timezone

from accounts.sign_in import tokens
from tests.accounts.conftest import PASSWORD

LOGIN, REGISTER = "/api/v1/auth/login", "/api/v1/auth/register"
REFRESH, LOGOUT, ME = "/api/v1/auth/refresh", "/api/v1/auth/logout", "/api/v1/auth/me"
FAVORITES = "/api/v1/favorites"


def post(client, path, body=None, **extra):
    return client.post(path, body or {}, content_type="application/json", **extra)


def bearer(user, now=None):
    token = tokens.issue(user, now=now or timezone.now()).access
    return {"HTTP_AUTHORIZATION": f"Bearer {token}"}


def ask_for_link(email, client=None):
    """Say on the page that the password is forgotten."""
    return (client or Client()).post("/auth/forgot", {"email": email})


def register(client, email):
    return post(client, REGISTER, {"email": email, "password": PASSWORD, "name": "Ada"})


def hashings(monkeypatch, act):
    """How often ``act`` hashes a password, which is what its time consists of."""
    counted = []
    encode = MD5PasswordHasher.encode

    def counting(self, password, salt):
        counted.append(password)
        return encode(self, password, salt)

    with monkeypatch.context() as patch:
        patch.setattr(MD5PasswordHasher, "encode", counting)
        act()
    return len(counted)
