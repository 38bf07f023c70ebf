"""The API: how it reads and answers, its document, and which other sites may call it."""

from __future__ import annotations

from typing import Any

from corsheaders.defaults import default_headers

from config.environment import read_bool, read_list
from config.settings.site import SITE_URL

# For shopping agents (docs/agents.md): the Model Context Protocol, the Universal Commerce Protocol.
MCP = read_bool("MCP", default=False)
UCP = read_bool("UCP", default=False)
# What programs ask: within the budgets of the API, answered in JSON, with no page's cookies.
API_PATHS = ("/api/", "/mcp", "/ucp/", "/.well-known/ucp")
# Where JSON bodies may hold a picture in base64.
PICTURE_PATHS = ("/mcp", "/ucp/")

REST_FRAMEWORK = {
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": [
        "config.api.parsers.ShallowJSONParser",
        "rest_framework.parsers.MultiPartParser",
    ],
    "DEFAULT_AUTHENTICATION_CLASSES": ["accounts.sign_in.authentication.TokenAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["accounts.api.permissions.KeyHasScope"],
    "DEFAULT_CONTENT_NEGOTIATION_CLASS": "config.api.negotiation.JSONNegotiation",
    "URL_FORMAT_OVERRIDE": None,
    "DEFAULT_SCHEMA_CLASS": "config.api.schema.Schema",
    "COERCE_DECIMAL_TO_STRING": True,
    "EXCEPTION_HANDLER": "config.api.api_errors.handle",
}
API_DESCRIPTION = """\
Hybrid cross-modal fashion search: words, a picture, or both with a weight between them.

Refusals are problem details (RFC 9457) with a stable `code`; their sentences follow `Accept-Language`.

Budgets count by API key, else by signed-in person, else by network address. The headers `RateLimit`
and `RateLimit-Policy` of every answer say what is left of each; 429 comes with `Retry-After`. `api` counts
every request, `picture` every uploaded picture that is decoded, `sign-in`, `register` and `forgot` what their
names say, `address` all signed-in people of one address together.
"""
CORS_ALLOWED_ORIGINS = read_list("CORS_ALLOWED_ORIGINS")
CORS_ALLOW_CREDENTIALS = True
CORS_URLS_REGEX = r"^/(api/|media/|mcp/?$|ucp/|\.well-known/ucp$)"
CORS_PREFLIGHT_MAX_AGE = 600
CORS_ALLOW_HEADERS = [
    *(*default_headers, "if-none-match", "x-request-id"),
    *("mcp-protocol-version", "mcp-method", "mcp-name", "ucp-agent"),
]
CORS_EXPOSE_HEADERS = [
    *("X-CSRFToken", "X-Request-ID", "X-Total-Count", "ETag", "Link"),
    *("Retry-After", "RateLimit", "RateLimit-Policy", "Deprecation", "Sunset"),
]


def document_settings(site_url: str) -> dict[str, Any]:
    """The settings of drf-spectacular for a shop at this address; "" where it is not known."""
    return {
        "TITLE": "Tandem API",
        "DESCRIPTION": API_DESCRIPTION,
        "VERSION": "1.1.0",
        "SERVERS": [{"url": site_url or "/", "description": "This shop"}],
        "CONTACT": {"name": "The shop's operator", **({"url": site_url} if site_url else {})},
        "LICENSE": {"name": "Apache-2.0", "url": "https://www.apache.org/licenses/LICENSE-2.0"},
        # What is sent and what is answered are components of their own: a client sends no read-only field.
        "COMPONENT_SPLIT_REQUEST": True,
        "COMPONENT_NO_READ_ONLY_REQUIRED": False,
        # Types of clients, which would else be named by the field alone, until another has the same name.
        "ENUM_NAME_OVERRIDES": {
            "AlertKindEnum": "search.models.Alert.Kind",
            "EventTypeEnum": "analytics.models.Event.Type",
            "EventSourceEnum": "analytics.models.Event.Source",
        },
        "SCHEMA_PATH_PREFIX": "/api/v1",
        # 3.0 cannot say in a way that all generators read that an object may be null.
        "OAS_VERSION": "3.1.0",
        "SERVE_AUTHENTICATION": [],
        "POSTPROCESSING_HOOKS": [
            "drf_spectacular.hooks.postprocess_schema_enums",
            "config.api.schema.finish",
        ],
        "SERVE_INCLUDE_SCHEMA": False,
        "SWAGGER_UI_DIST": "SIDECAR",
        "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
        "REDOC_DIST": "SIDECAR",
    }


SPECTACULAR_SETTINGS = document_settings(SITE_URL)
