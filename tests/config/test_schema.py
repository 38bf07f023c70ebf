"""The API against its own description: whatever a client makes of the schema, nothing fails."""

import hypothesis
import pytest
import schemathesis
from django.utils import timezone
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error

from accounts.models import User
from accounts.sign_in import tokens
from config.wsgi import application

pytestmark = [pytest.mark.fuzz, pytest.mark.django_db]
SCHEMA = "/api/v1/schema?format=json"


@pytest.fixture
def described(db, settings):
    settings.RATE_LIMIT = "10000000/m"
    settings.KNOWN_PRODUCTS = "tests.accounts.conftest.demo_products"
    return schemathesis.openapi.from_wsgi(SCHEMA, application)


@pytest.fixture
def signed_out():
    return {}


@pytest.fixture
def signed_in(db):
    user = User.objects.create_user("fuzz@example.com", "seven green umbrellas", is_staff=True)
    return {"Authorization": f"Bearer {tokens.issue(user, now=timezone.now()).access}"}


@pytest.mark.parametrize("mode", GenerationMode)
@pytest.mark.parametrize("who", ["signed_out", "signed_in"])
def test_no_endpoint_fails_whatever_it_is_sent(described, who, mode, request, monkeypatch):
    headers = request.getfixturevalue(who)
    # The limits have tests of their own; here every request is to reach its endpoint.
    monkeypatch.setattr("config.http.limits.BUDGETS", ())
    operations = 0
    for operation in described.get_all_operations():
        operations += 1
        _fuzz(operation.ok(), headers, mode)
    assert operations >= 15


def _fuzz(operation, headers, mode):
    @hypothesis.settings(
        max_examples=25,
        deadline=None,
        database=None,
        suppress_health_check=list(hypothesis.HealthCheck),
        derandomize=True,
    )
    @hypothesis.given(case=operation.as_strategy(generation_mode=mode))
    def ask(case):
        # Its WSGI client cannot send a malformed form; http/test_uploads.py does.
        hypothesis.assume(case.media_type != "multipart/form-data" or isinstance(case.body, dict))
        case.headers.update(headers)
        case.call_and_validate(checks=[not_a_server_error_but_unavailable])

    try:
        ask()
    except hypothesis.errors.Unsatisfiable:  # an operation without parameters has nothing to send wrongly
        assert mode is GenerationMode.NEGATIVE


def not_a_server_error_but_unavailable(context, response, case):
    """503 with Retry-After is right while there is no index; every other 5xx is a bug."""
    if response.status_code == 503:
        assert response.headers.get("retry-after")
        return
    not_a_server_error(context, response, case)
