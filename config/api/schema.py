"""The OpenAPI document: what no endpoint states for itself, such as its refusals and its credentials."""

from __future__ import annotations

from typing import Any, Literal

from drf_spectacular.openapi import AutoSchema
from rest_framework.permissions import IsAuthenticated

from accounts import api_keys
from accounts.sign_in import tokens
from accounts.sign_in.authentication import TokenAuthentication
from config.api.links import add_links
from config.api.problems import CONTENT_TYPE, PROBLEMS
from rest.schema import ProblemSerializer

Direction = Literal["request", "response"]
SAFE = {"GET", "HEAD", "OPTIONS"}
# path below /api/v1/ -> tag; the longest that fits counts.
TAGS = {
    "": ("Search", "Words, a picture, or both; similar products; completions."),
    "product": ("Catalogue", "Products as the shop has them."),
    "catalogue": ("Catalogue", ""),
    "auth": ("Account", "Registration, sign-in, and everything about one's own account."),
    "favorites": ("Favourites", "The products that the signed-in person keeps."),
    "events": ("Events", "What shoppers did with an answer."),
    "session": ("Events", ""),
    "alerts": ("Alerts", "Mails about products and saved searches that somebody asked for."),
    "admin": ("Staff", "Figures for the shop's staff."),
    "problems": ("Problems", "The codes of refusals."),
}
REFUSALS = {
    "400": "A field is not valid, or there is no such field.",
    "401": "The credentials are missing or not valid.",
    "403": "Not allowed: the CSRF token is missing, or the credentials do not reach this far.",
    "404": "There is no such thing here.",
    "406": "No form of answer that the client accepts.",
    "409": "The idempotency key was used for another request, or a guard refuses what was asked.",
    "410": "The answer of this query_id is kept no longer.",
    "413": "The body, or the picture in it, is too large.",
    "414": "The address is too long.",
    "415": "The body, or the picture in it, is of a type that is not read here.",
    "429": "More requests than the budget allows.",
    "503": "Too busy, or not ready.",
}
WAIT = {"429", "503"}


class Schema(AutoSchema):
    """Adds to every operation the refusals that its method, body and credentials make possible."""

    def get_tags(self) -> list[str]:
        path = self.path.removeprefix("/api/v1/")
        best = max((prefix for prefix in TAGS if path.startswith(prefix)), key=len)
        return [TAGS[best][0]]

    def get_description(self) -> str:  # type: ignore[override]  # as drf-spectacular calls it
        # Docstrings are for those who read the code; every endpoint states its description.
        return ""

    def _get_format_parameters(self) -> list[dict[str, Any]]:
        """None: an endpoint refuses parameters that it does not name, ``format`` too."""
        return []

    def get_auth(self) -> list[dict[str, list[str]]]:
        """Alternatives, any of which will do: an empty one stands for a request without credentials."""
        classes = self.view.authentication_classes
        permissions = self.view.permission_classes
        if getattr(self.view, "needs_key", False):
            return [{"apiKey": []}]
        if not any(issubclass(each, TokenAuthentication) for each in classes):
            return [{}]
        cookie: dict[str, list[str]] = {"accessCookie": []}
        if self.method not in SAFE:
            cookie |= {"csrfToken": []}
        ways: list[dict[str, list[str]]] = [{"bearerToken": []}, cookie]
        if IsAuthenticated not in permissions:
            ways.append({"apiKey": []})
        public = getattr(self.view, "public", False)
        if public or _scope(self.view) == "search" or not permissions:
            ways.insert(0, {})
        return ways

    def _get_response_bodies(self, direction: Direction = "response") -> dict[str, Any]:
        responses: dict[str, Any] = super()._get_response_bodies(direction)
        problem = self.resolve_serializer(ProblemSerializer, direction).ref
        for status in sorted(self._refusals() | (set(responses) & set(REFUSALS))):
            responses[status] = {
                "description": REFUSALS[status],
                "content": {CONTENT_TYPE: {"schema": problem}},
                **({"headers": RETRY} if status in WAIT else {}),
            }
        return dict(sorted(responses.items()))

    def _refusals(self) -> set[str]:
        statuses = {"400", "406", "429", "503"}
        classes = self.view.authentication_classes
        if any(issubclass(each, TokenAuthentication) for each in classes):
            statuses.add("401")
            if self.method not in SAFE or _scope(self.view):
                statuses.add("403")
        if getattr(self.view, "checks_csrf", False):
            statuses.add("403")
        if self.method in {"POST", "PUT", "PATCH"}:
            statuses |= {"413", "415"}
        if self.method == "GET":
            statuses.add("414")
        return statuses


def _scope(view: object) -> str:
    return str(getattr(view, "scope", ""))


RETRY = {
    "Retry-After": {
        "description": "Seconds until another try is worth while.",
        "required": True,
        "schema": {"type": "integer", "minimum": 1},
    }
}


def security_schemes() -> dict[str, dict[str, str]]:
    """The ways to say who asks, by the names that ``Schema.get_auth`` uses."""
    return {
        "bearerToken": {
            "type": "http",
            "scheme": "bearer",
            "bearerFormat": "JWT",
            "description": "The access token of a sign-in with tokens in the body.",
        },
        "accessCookie": {
            "type": "apiKey",
            "in": "cookie",
            "name": tokens.access_cookie(),
            "description": "The access token as the cookie that a sign-in sets.",
        },
        "csrfToken": {
            "type": "apiKey",
            "in": "header",
            "name": "X-CSRFToken",
            "description": "Beside the cookie, every request but GET sends the token of the X-CSRFToken "
            "response header of /api/v1/auth/ or of the CSRF cookie.",
        },
        "apiKey": {
            "type": "apiKey",
            "in": "header",
            "name": api_keys.HEADER,
            "description": "For servers: a key that the shop's staff made, with the scope of the endpoint.",
        },
    }


def finish(result: dict[str, Any], **_options: Any) -> dict[str, Any]:
    """Last touches: tags with their descriptions, and credentials, and no docstrings of serializers."""
    result["components"]["securitySchemes"] = security_schemes()
    for component in result["components"]["schemas"].values():
        component.pop("description", None)
    # Not an enum: codes are added, and a client must not fail over one that it does not know.
    result["components"]["schemas"]["Problem"]["properties"]["code"]["x-extensible-enum"] = list(PROBLEMS)
    for methods in result["paths"].values():
        for operation in methods.values():
            # An empty list says that nobody has to say who asks; generators take [{}] for a credential.
            if operation["security"] == [{}]:
                operation["security"] = []
    add_links(result["paths"])
    # The one body of several forms, which drf-spectacular leaves optional.
    result["paths"]["/api/v1/events"]["post"]["requestBody"]["required"] = True
    used = {tag for methods in result["paths"].values() for each in methods.values() for tag in each["tags"]}
    result["tags"] = [
        {"name": name, "description": text} for name, text in TAGS.values() if text and name in used
    ]
    return result
