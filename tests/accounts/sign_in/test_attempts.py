"""Rows of wrong passwords: they go with the account, and once they lock nobody out."""

from datetime import timedelta

import pytest
from axes.models import AccessAttempt
from django.apps import apps
from django.contrib.admin.models import CHANGE, LogEntry
from django.db.models import CharField, TextField
from django.test import Client
from django.utils import timezone

from accounts.sign_in import attempts
from tests.accounts.conftest import PASSWORD
from tests.accounts.helpers import LOGIN, bearer, post

pytestmark = pytest.mark.django_db


def wrong(email):
    return post(Client(), LOGIN, {"email": email, "password": "wrong"})


def texts():
    """Every column of text, by model."""
    for model in apps.get_models():
        for field in model._meta.concrete_fields:
            if isinstance(field, CharField | TextField):
                yield model, field.attname


def rows_naming(text):
    """Every table with a text that contains it."""
    found = ((m, m._default_manager.filter(**{f"{name}__icontains": text})) for m, name in texts())
    return {model._meta.db_table for model, rows in found if rows.exists()}


def test_after_a_deletion_no_table_names_the_address(client, shopper, staff):
    wrong(shopper.email)
    LogEntry.objects.log_actions(staff.pk, [shopper], CHANGE, change_message="name")
    assert rows_naming(shopper.email) >= {"users", "axes_accessattempt", "django_admin_log"}
    answer = post(client, "/api/v1/auth/delete", {"password": PASSWORD}, **bearer(shopper))
    assert answer.status_code == 204
    assert rows_naming(shopper.email) == set()


def test_the_attempts_of_others_stay(shopper, staff):
    wrong(staff.email)
    shopper.delete()
    assert AccessAttempt.objects.get().username == staff.email


def test_attempts_that_lock_nobody_out_any_more_are_deleted(settings, shopper):
    wrong(shopper.email)
    now = timezone.now()
    assert attempts.prune(now) == 0
    assert attempts.prune(now + settings.AXES_COOLOFF_TIME + timedelta(seconds=1)) == 1
