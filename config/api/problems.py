"""Error bodies of the API: RFC 9457 problem details with a stable ``code``, and field lists beside them.

``detail`` is for the person, in the language of the request; ``code`` is for programs and never changes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

CONTENT_TYPE = "application/problem+json"
# Where the codes are listed; the type of a problem points at its code there.
PROBLEMS_PATH = "/api/v1/problems"

# code -> (status, title). One entry for each code that a response may carry.
PROBLEMS: dict[str, tuple[int, Promise]] = {
    "invalid": (400, _("A field is not valid")),
    "parse_error": (400, _("The body cannot be read")),
    "bad_request": (400, _("The request cannot be read")),
    "host_refused": (400, _("This host name is not served")),
    "favorites_full": (400, _("There are too many favourites")),
    "alerts_full": (400, _("There are too many alerts")),
    "address_taken": (400, _("The address cannot be registered")),
    "password_wrong": (400, _("The password is wrong")),
    "link_refused": (400, _("The link is not valid")),
    "id_repeated": (400, _("A product is sent twice")),
    "product_invalid": (400, _("The product is not valid")),
    "image_unreadable": (400, _("The picture cannot be read")),
    "not_authenticated": (401, _("Not signed in")),
    "credentials_wrong": (401, _("The credentials are wrong")),
    "token_expired": (401, _("The access has expired")),
    "token_invalid": (401, _("The token is not valid")),
    "api_key_invalid": (401, _("The API key is not valid")),
    "forbidden": (403, _("Not allowed")),
    "csrf_failed": (403, _("The CSRF token is missing or wrong")),
    "scope_missing": (403, _("The API key lacks a scope")),
    "not_found": (404, _("Nothing found")),
    "product_unknown": (404, _("No such product")),
    "image_unknown": (404, _("No such picture")),
    "alert_unknown": (404, _("No such alert")),
    "search_unknown": (404, _("No such search")),
    "method_not_allowed": (405, _("The method is not allowed")),
    "not_acceptable": (406, _("No acceptable form of answer")),
    "key_conflict": (409, _("The idempotency key was used for another request")),
    "too_many_deletions": (409, _("Too many products would be deleted")),
    "answer_expired": (410, _("The answer has expired")),
    "too_large": (413, _("The body is too large")),
    "image_size": (413, _("The picture is too large")),
    "uri_too_long": (414, _("The address is too long")),
    "unsupported_media_type": (415, _("The type of the body is not supported")),
    "image_type": (415, _("Not a picture that is read here")),
    "too_many_requests": (429, _("Too many requests")),
    "locked_out": (429, _("Too many wrong passwords")),
    "too_many_guesses": (429, _("Too many attempts to sign in")),
    "server_error": (500, _("Something failed on our side")),
    "busy": (503, _("Too busy")),
    "not_ready": (503, _("Not ready to search")),
    "database_away": (503, _("The database is away")),
    "not_writable": (503, _("Nothing can be saved")),
}
NO_SUCH_ADDRESS = _("There is nothing at this address. Check it against /api/v1/schema.")
# Members of a problem; a field of a request with such a name stands in ``errors`` alone.
_MEMBERS = frozenset({"type", "title", "status", "detail", "code", "errors"})
Errors = Mapping[str, Sequence[Mapping[str, str]]]


def problem(status: int, code: str, detail: str, errors: Errors | None = None) -> dict[str, Any]:
    """The body. ``errors`` holds ``{"code", "detail"}`` entries by field; each field also lists its sentences
    at the top level.
    """
    # What clients have always read comes first.
    body: dict[str, Any] = {
        field: [each["detail"] for each in found]
        for field, found in (errors or {}).items()
        if field not in _MEMBERS
    }
    body |= {
        "detail": detail or _summary(errors or {}),
        "type": f"{PROBLEMS_PATH}#{code}",
        "title": str(PROBLEMS[code][1]),
        "status": status,
        "code": code,
    }
    if errors:
        body["errors"] = {field: [dict(each) for each in found] for field, found in errors.items()}
    return body


def _summary(errors: Errors) -> str:
    """One sentence for clients that show no fields."""
    fields = ", ".join(errors)
    return gettext("Correct what is named here and send the request again: %(fields)s.") % {"fields": fields}
