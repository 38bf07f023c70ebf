"""The signed-in user of a request, on pages and in the API."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.utils import translation
from rest_framework.exceptions import NotAuthenticated
from rest_framework.request import Request

from accounts.favorites import TooManyFavorites
from accounts.models import User
from accounts.sign_in.current_user import require_user, signed_in_user


@pytest.fixture
def request_of():
    """``request_of(user)`` is a page request; without a user, one that no middleware has seen."""

    def make(user=None):
        request = HttpRequest()
        if user is not None:
            request.user = user
        return request

    return make


def test_the_signed_in_user_of_a_page_and_of_the_api(request_of):
    user = User(email="ada@example.com")
    request = request_of(user)
    assert signed_in_user(request) is require_user(request) is user
    api = Request(request)
    api.user = user
    assert signed_in_user(api) is require_user(api) is user


def test_an_anonymous_request_has_no_user(request_of):
    assert signed_in_user(request_of(AnonymousUser())) is None
    assert signed_in_user(request_of()) is None


def test_an_anonymous_page_is_forbidden_and_an_anonymous_api_request_unauthenticated(request_of):
    request = request_of(AnonymousUser())
    with pytest.raises(PermissionDenied):
        require_user(request)
    with pytest.raises(NotAuthenticated):
        require_user(Request(request))


def test_an_errors_message_is_in_the_language_in_which_it_is_shown():
    error = TooManyFavorites()
    english = str(error)
    with translation.override("de"):
        assert str(error) != english
