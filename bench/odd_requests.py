"""Odd requests: every address of the shop with parameters, bodies, headers and methods that nobody expects.

Shared by the fuzz test and by ``python -m bench.campaign``. The only failure that may answer one is 503 with
Retry-After.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, quote_from_bytes

from bench.mutations import plain

PATHS = (
    "/",
    "/results",
    "/products/{}",
    "/products/{}/similar",
    "/favorites",
    "/favorites/{}",
    "/auth/login",
    "/auth/register",
    "/auth/register/check",
    "/auth/logout",
    "/auth/forgot",
    "/auth/reset/{}/{}",
    "/auth/account",
    "/auth/account/export",
    "/i18n/setlang/",
    "/media/{}",
    "/media/pictures/{}",
    "/media/queries/{}",
    "/static/{}",
    "/webhooks/{}",
    "/admin/",
    "/admin/dashboard",
    "/admin/dashboard/{}.csv",
    "/healthz",
    "/metrics",
    "/{}",
    "/api/v1/recommend",
    "/api/v1/text-search",
    "/api/v1/image-search",
    "/api/v1/products",
    "/api/v1/product/{}",
    "/api/v1/similar-products/{}",
    "/api/v1/suggest",
    "/api/v1/auth/register",
    "/api/v1/auth/login",
    "/api/v1/auth/refresh",
    "/api/v1/auth/resume",
    "/api/v1/auth/logout",
    "/api/v1/auth/me",
    "/api/v1/auth/forgot",
    "/api/v1/auth/reset",
    "/api/v1/auth/password",
    "/api/v1/auth/delete",
    "/api/v1/auth/sign-ins",
    "/api/v1/auth/sign-ins/end",
    "/api/v1/favorites",
    "/api/v1/favorites/{}",
    "/api/v1/events/click",
    "/api/v1/query-images/{}",
    "/api/v1/admin/stats",
    "/api/v1/{}",
)
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


@dataclass(frozen=True)
class OddRequest:
    """A request; ``path`` is quoted and has its query, ``content_type`` belongs to ``body``."""

    method: str
    path: str
    body: bytes = b""
    content_type: str = ""
    headers: dict[str, str] = field(default_factory=dict)


def odd_requests(count: int, *, seed: int = 0) -> Iterator[OddRequest]:
    """So many requests; the same ones for a seed."""
    chance = random.Random(seed)  # noqa: S311 - to repeat them  # nosec B311
    picture = plain("JPEG")
    for _number in range(count):
        yield _request(chance, picture)


def _request(chance: random.Random, picture: bytes) -> OddRequest:
    template = chance.choice(PATHS)
    path = template.replace("{}", "\1")
    while "\1" in path:
        path = path.replace("\1", _quoted(chance), 1)
    query = "&".join(
        f"{chance.choice(NAMES)}={_quoted(chance)}" for _ in range(chance.choice((0, 0, 1, 2, 4)))
    )
    method = chance.choice(METHODS)
    headers = {
        chance.choice(HEADERS): chance.choice(HEADER_VALUES) for _ in range(chance.choice((0, 0, 1, 2)))
    }
    body, content_type = b"", ""
    if method in {"POST", "PUT", "PATCH", "DELETE"}:
        body, content_type = _body(chance, picture)
    return OddRequest(method, f"{path}?{query}" if query else path, body, content_type, headers)


def _quoted(chance: random.Random) -> str:
    if chance.random() < 0.05:
        return quote_from_bytes(chance.randbytes(chance.randint(1, 40)), safe="")
    return quote(chance.choice(WORDS), safe="")


def _body(chance: random.Random, picture: bytes) -> tuple[bytes, str]:
    kind = chance.random()
    names = chance.sample(NAMES, chance.randint(0, 6))
    if kind < 0.5:
        fields = {name: chance.choice((*WORDS, *VALUES)) for name in names}
        return json.dumps(fields).encode(), "application/json"
    if kind < 0.6:
        return json.dumps(chance.choice(VALUES)).encode(), "application/json"
    if kind < 0.75:
        form = "&".join(f"{name}={_quoted(chance)}" for name in names)
        return form.encode(), "application/x-www-form-urlencoded"
    if kind < 0.9:
        return _multipart(chance, names, picture), "multipart/form-data; boundary=frontier"
    return chance.randbytes(chance.randint(0, 300)), chance.choice(CONTENT_TYPES)


def _multipart(chance: random.Random, names: list[str], picture: bytes) -> bytes:
    parts = [
        f'--frontier\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n'.encode()
        + chance.choice(WORDS).encode()
        for name in names
    ]
    if chance.random() < 0.5:
        data = picture[: chance.randint(0, len(picture))] if chance.random() < 0.5 else picture
        head = 'name="image"; filename="a\u00e9%00.jpg"\r\nContent-Type: image/jpeg'
        parts.append(f"--frontier\r\nContent-Disposition: form-data; {head}\r\n\r\n".encode() + data)
    end = b"\r\n--frontier--\r\n" if chance.random() < 0.9 else b""
    return b"\r\n".join(parts) + end


def is_honest(status: int, headers: dict[str, str]) -> bool:
    """Whether an answer is no failure, or an outage that says when to come again."""
    return status < 500 or (status == 503 and "Retry-After" in headers)
