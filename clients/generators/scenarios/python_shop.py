"""The served shop, and what the scenario for openapi-python-client does with every answer."""

import io
import json
import os
from pathlib import Path
from typing import Any, TypeVar

from tandem_api_client import AuthenticatedClient
from tandem_api_client.models import Problem, SignedIn
from tandem_api_client.types import File, Response

SHOP = json.loads(os.environ["TANDEM_SHOP"])
EMAIL, PASSWORD, NEW_PASSWORD = "python@example.com", "seven green umbrellas", "eight yellow umbrellas"
T = TypeVar("T")


def good(answer: Response[T | Problem]) -> T:
    """What a successful call answers."""
    assert answer.status_code < 300, answer.content
    assert not isinstance(answer.parsed, Problem)
    return answer.parsed  # type: ignore[return-value]  # None where an operation answers nothing


def done(answer: Response[Any]) -> None:
    assert answer.status_code < 300, answer.content


def client_of(signed_in: SignedIn) -> AuthenticatedClient:
    assert isinstance(signed_in.access, str)
    return AuthenticatedClient(base_url=SHOP["url"], token=signed_in.access)


def picture() -> File:
    return File(io.BytesIO(Path(SHOP["picture"]).read_bytes()), "blue.jpg", "image/jpeg")
