"""Odd requests: every address of the shop with parameters, bodies, headers and methods that nobody expects.

Shared by the fuzz test and by ``python -m bench.campaign``. The only failure that may answer one is 503 with
Retry-After.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BytesIO
from urllib.parse import quote, quote_from_bytes

from PIL import Image

from bench.campaign.odd_addresses import AGENT_PATHS, PATHS
from bench.campaign.odd_values import (
    CONTENT_TYPES,
    HEADER_VALUES,
    HEADERS,
    METHODS,
    NAMES,
    RPC_METHODS,
    TOOLS,
    VALUES,
    WORDS,
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
    picture = _gradient()
    for _number in range(count):
        yield _request(chance, picture)


def _gradient() -> bytes:
    """A picture, the same in every run."""
    buffer = BytesIO()
    Image.radial_gradient("L").resize((48, 48)).convert("RGB").save(buffer, "JPEG")
    return buffer.getvalue()


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
        if template in AGENT_PATHS and chance.random() < 0.8:
            body, content_type = _message(chance), "application/json"
            headers |= {"Accept": "application/json, text/event-stream"}
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


def _message(chance: random.Random) -> bytes:
    """A message of JSON-RPC, as agents send it, with arguments that none would."""
    arguments = {
        name: chance.choice((*WORDS, *VALUES)) for name in chance.sample(NAMES, chance.randint(0, 4))
    }
    message = {
        "jsonrpc": "2.0",
        "id": chance.choice((1, "a", None, *VALUES)),
        "method": chance.choice(RPC_METHODS),
        "params": {"name": chance.choice(TOOLS), "arguments": chance.choice((arguments, arguments, *VALUES))},
    }
    return json.dumps(message).encode()


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
