"""``manage.py createsuperuser`` without questions, as containers run it."""

import pytest
from django.core.management import CommandError, call_command

from accounts.models import User
from tests.accounts.conftest import PASSWORD

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def environment(monkeypatch):
    monkeypatch.setenv("DJANGO_SUPERUSER_EMAIL", "Boss@Example.org")
    monkeypatch.setenv("DJANGO_SUPERUSER_PASSWORD", PASSWORD)


def test_an_address_and_a_password_are_enough():
    call_command("createsuperuser", interactive=False)
    boss = User.objects.get()
    assert (boss.email, boss.name, boss.is_staff, boss.is_superuser) == ("boss@example.org", "", True, True)
    assert boss.check_password(PASSWORD)


def test_an_address_that_has_an_account_is_refused_in_one_sentence(shopper, monkeypatch):
    monkeypatch.setenv("DJANGO_SUPERUSER_EMAIL", shopper.email.upper())
    with pytest.raises(CommandError, match="already taken"):
        call_command("createsuperuser", interactive=False)
    assert not User.objects.filter(is_superuser=True).exists()
