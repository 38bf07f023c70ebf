"""The names and values that odd requests are made of."""

from __future__ import annotations

from typing import Any

RPC_METHODS = (
    "tools/call",
    "tools/call",
    "tools/call",
    "tools/list",
    "initialize",
    "ping",
    "resources/list",
    "",
)
TOOLS = ("search", "lookup", "similar", "search_catalog", "lookup_catalog", "get_product", "buy")
NAMES = (
    *("text", "q", "image", "image_id", "crop", "weight", "top_k", "offset", "category", "colour", "gender"),
    *(
        "brand",
        "price_min",
        "price_max",
        "in_stock",
        "exclude",
        "like",
        "ignore",
        "sort",
        "diversity",
        "personal",
    ),
    *("email", "password", "new_password", "name", "tokens", "favorites", "refresh", "uid", "token", "ids"),
    *(
        "product_id",
        "query_id",
        "position",
        "days",
        "page",
        "next",
        "language",
        "field",
        "action",
        "csrfmiddlewaretoken",
        "kind",
        "price",
        "state",
        "session",
        "event_id",
        "type",
        "value",
        "currency",
        "quantity",
        "signature",
        "queries",
        "image_url",
        "image_base64",
        "facets",
        "id",
        "cursor",
        "attribute",
        "starts_at",
        "ends_at",
        "products",
        "offers",
        "query",
        "filters",
        "pagination",
    ),
)
WORDS = (
    *("", " ", "red dress", "demo-1", "0", "-1", "1", "24", "0.5", "nan", "inf", "-inf", "1e400", "1e-400"),
    *(
        "true",
        "off",
        "null",
        "[]",
        "{}",
        "a" * 121,
        "a" * 501,
        "é" * 300,
        "\ufdfa" * 100,
        "👗" * 60,
        "\0",
        "a\0b",
    ),
    *(
        "../../etc/passwd",
        "..",
        "%",
        "%00",
        "%s%n",
        "'--",
        '"><script>alert(1)</script>',
        "{{7*7}}",
        "${7*7}",
    ),
    *("\u202e", "\u200b", "\ufeff", "\r\nX: y", "\x1b[31m", "under 50 not red", "not not not", "under under"),
    *("http://169.254.169.254/", "//evil.example", "javascript:alert(1)", "0,0,1,1", ",,,", "a@b.example"),
    *(
        "seven green umbrellas",
        "9" * 400,
        "9" * 18,
        "2026-01-01T00:00",
        "ffffffff-ffff-ffff-ffff-ffffffffffff",
    ),
    *("product:demo-1", "f" * 64, "colour:Red", "all", "x" * 5000, "١٢", "½", "＝1", "ı", "ß", "\u0345" * 40),
)
# What JSON can hold beside text; the first are lone surrogates.
VALUES: tuple[Any, ...] = (
    *("\ud800", "\udfff red", ["\ud800"], {"\ud800": 1}),
    *(None, True, False, 0, -1, 2**63, 1e308, -0.0, [], {}, [[]], [None], [{}], {"a": {"b": []}}, ["a"] * 60),
)
METHODS = ("GET", "GET", "POST", "POST", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "TRACE")
CONTENT_TYPES = (
    *(
        "application/json",
        "application/json; charset=utf-16",
        "application/x-www-form-urlencoded",
        "text/plain",
    ),
    *(
        "multipart/form-data",
        "multipart/form-data; boundary=",
        "multipart/form-data; boundary=x",
        "",
        "a/b/c",
    ),
)
HEADERS = (
    *(
        "Accept",
        "Accept-Language",
        "Cookie",
        "Authorization",
        "X-CSRFToken",
        "HX-Request",
        "HX-Target",
        "Origin",
    ),
    *("Referer", "X-Request-ID", "If-Modified-Since", "If-None-Match", "Range", "X-Forwarded-Proto", "DNT"),
)
HEADER_VALUES = (
    *(
        "",
        "x",
        "*/*;q=nan",
        "de-" + "x" * 300,
        "Bearer x",
        "Bearer a.b.c",
        "Basic eDp5",
        "access=x; refresh=y",
    ),
    *(
        "device=x",
        "__Host-access=",
        "bytes=0-,5-2",
        "https://evil.example",
        "null",
        "true",
        "Thu, 01 Jan 0000",
    ),
)
