"""A password is hashed before its transaction: on SQLite every other writer would wait meanwhile."""

import pytest
from django.contrib.auth import base_user
from django.db import connection

from accounts.sign_in import credentials


@pytest.mark.django_db(transaction=True)
def test_registering_hashes_outside_the_transaction(monkeypatch):
    seen, real = [], base_user.make_password

    def noted(*args, **kwargs):
        seen.append(connection.in_atomic_block)
        return real(*args, **kwargs)

    monkeypatch.setattr(base_user, "make_password", noted)
    credentials.register(email="ada@example.com", password="seven green umbrellas", name="Ada")
    assert seen == [False]
