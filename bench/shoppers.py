"""Simulated shoppers, each with a random sequence of requests."""

from __future__ import annotations

import io
import random
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import requests
from PIL import Image

COLOURS = ("red", "blue", "black", "white", "green", "grey", "pink", "beige")
LOOKS = ("striped", "plain", "warm", "light", "summer", "winter", "casual", "elegant", "soft", "long")
KINDS = ("dress", "shirt", "boots", "bag", "jacket", "skirt", "trousers", "coat")
PASSWORD = "a long enough pass phrase"  # noqa: S105 - of temporary accounts
TIMEOUT_SECONDS = 60
# The relative frequency of each kind of request.
REQUEST_WEIGHTS = {
    "home": 6,
    "results page": 14,
    "results page, next": 5,
    "text search": 12,
    "picture + words": 10,
    "same picture, next": 5,
    "product page": 12,
    "product": 4,
    "similar": 8,
    "suggest": 12,
    "thumbnail": 14,
    "click": 6,
    "keep favourite": 4,
    "favourites page": 2,
    "drop favourite": 2,
    "sign in": 1,
}


@dataclass(frozen=True)
class Outcome:
    """The result of one request; ``status`` 0 means no response, with the reason in ``text``."""

    kind: str
    status: int
    seconds: float
    retry_after: str = ""
    # The beginning of the body of an error.
    text: str = ""

    @property
    def is_success(self) -> bool:
        return 200 <= self.status < 400

    @property
    def is_retryable(self) -> bool:
        return self.status == 503 and self.retry_after.isdigit()


@dataclass
class Shopper:
    """One client with cookies, an address and the latest results."""

    number: int
    address: str
    pictures: list[bytes]
    outcomes: list[Outcome] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._random = random.Random(self.number)  # noqa: S311 - reproducible shoppers
        self._session = requests.Session()
        # As a proxy writes it; rate limits count by address.
        self._session.headers["X-Forwarded-For"] = f"198.51.100.{self.number + 1}"
        # Unique, since the shop may be kept from run to run.
        self._email = f"{uuid.uuid4().hex}@load.example"
        self._text = "red dress"
        self._latest: dict[str, Any] = {}
        self._image_id = ""

    def register(self) -> None:
        """Register and search once, so that every kind of request has what it needs."""
        body = {"email": self._email, "password": PASSWORD, "name": "Load"}
        self._authenticate("register", body)
        end = time.monotonic() + TIMEOUT_SECONDS
        while not self._latest:
            if time.monotonic() > end:
                raise SystemExit(f"No search succeeded: {self.outcomes[-1]}")
            self._text_search()
            self._wait(0, end)

    def send_requests(self, end: float, pause: float) -> None:
        """Send one request after the other until the monotonic time ``end``."""
        actions = self._actions()
        kinds, weights = list(REQUEST_WEIGHTS), list(REQUEST_WEIGHTS.values())
        while time.monotonic() < end:
            actions[self._random.choices(kinds, weights)[0]]()
            self._wait(pause * self._random.uniform(0.5, 1.5), end)

    def _wait(self, pause: float, end: float) -> None:
        """Sleep for ``pause`` seconds, or for the Retry-After of a 503, but not past ``end``."""
        last = self.outcomes[-1]
        wait = float(last.retry_after) if last.is_retryable else pause
        time.sleep(max(0.0, min(wait, end - time.monotonic())))

    def _actions(self) -> dict[str, Callable[[], object]]:
        return {
            "home": lambda: self._send("home", "GET", "/"),
            "results page": self._results,
            "results page, next": lambda: self._results(offset=24),
            "text search": self._text_search,
            "picture + words": self._picture_search,
            "same picture, next": self._next_by_picture,
            "product page": lambda: self._send("product page", "GET", f"/products/{self._product()['id']}"),
            "product": lambda: self._send("product", "GET", f"/api/v1/product/{self._product()['id']}"),
            "similar": lambda: self._send(
                "similar", "GET", f"/api/v1/similar-products/{self._product()['id']}"
            ),
            "suggest": self._suggest,
            "thumbnail": lambda: self._send("thumbnail", "GET", self._product()["thumbnail_url"]),
            "click": self._click,
            "keep favourite": self._add_favourite,
            "favourites page": lambda: self._send("favourites page", "GET", "/favorites"),
            "drop favourite": self._remove_favourite,
            "sign in": lambda: self._authenticate("sign in", {"email": self._email, "password": PASSWORD}),
        }

    def _send(self, kind: str, method: str, path: str, **request: Any) -> requests.Response | None:
        """Send a request and record its outcome; None unless it succeeded."""
        url = path if path.startswith("http") else self.address + path
        began = time.perf_counter()
        try:
            response = self._session.request(method, url, timeout=TIMEOUT_SECONDS, **request)
        except requests.RequestException as error:
            self.outcomes.append(Outcome(kind, 0, time.perf_counter() - began, text=repr(error)[:300]))
            return None
        seconds = time.perf_counter() - began
        text = "" if response.ok else response.text[:300]
        retry_after = response.headers.get("Retry-After", "")
        self.outcomes.append(Outcome(kind, response.status_code, seconds, retry_after, text))
        return response if response.ok else None

    def _new_text(self) -> str:
        """Half of the texts repeat earlier ones, so that caches matter as they do in a shop."""
        pick = self._random.choice
        text = f"{pick(COLOURS)} {pick(KINDS)}"
        if self._random.random() < 0.5:
            text = f"{pick(LOOKS)} {text} {self._random.randrange(100_000)}"
        return text

    def _results(self, offset: int = 0) -> None:
        if not offset:
            self._text = self._new_text()
        kind = "results page, next" if offset else "results page"
        self._send(kind, "GET", "/results", params={"text": self._text, "offset": offset})

    def _text_search(self) -> None:
        body = {"text": self._new_text()}
        self._remember(self._send("text search", "POST", "/api/v1/text-search", json=body))

    def _picture_search(self) -> None:
        fields = {"text": self._new_text(), "weight": f"{self._random.random():.2f}"}
        files = {"image": self._photo()}
        response = self._send("picture + words", "POST", "/api/v1/recommend", data=fields, files=files)
        self._remember(response)
        if response is not None:
            self._image_id = response.json()["image_id"]

    def _photo(self) -> tuple[str, bytes, str]:
        """A picture of the shop as it is, or two times in three with a new patch of colour."""
        content = self._random.choice(self.pictures)
        image = Image.open(io.BytesIO(content))
        if self._random.random() < 1 / 3:
            return "saved", content, str(image.get_format_mimetype())
        marked = image.convert("RGB")
        patch = tuple(self._random.randrange(256) for _channel in range(3))
        marked.paste(patch, (0, 0, 16, 16))
        file = io.BytesIO()
        marked.save(file, "JPEG", quality=90)
        return "photo.jpg", file.getvalue(), "image/jpeg"

    def _next_by_picture(self) -> None:
        if not self._image_id:
            return self._picture_search()
        body = {"image_id": self._image_id, "text": self._text, "offset": 24}
        self._send("same picture, next", "POST", "/api/v1/recommend", json=body)
        return None

    def _suggest(self) -> None:
        letters = self._random.choice(COLOURS + KINDS)[: self._random.randint(1, 4)]
        self._send("suggest", "GET", "/api/v1/suggest", params={"q": letters})

    def _click(self) -> None:
        result = self._random.choice(self._latest["results"])
        body = {
            "query_id": self._latest["query_id"],
            "product_id": result["product"]["id"],
            "position": result["rank"],
        }
        self._send("click", "POST", "/api/v1/events/click", json=body)

    def _add_favourite(self) -> None:
        self._send("keep favourite", "POST", "/api/v1/favorites", json={"product_id": self._product()["id"]})

    def _remove_favourite(self) -> None:
        self._send("drop favourite", "DELETE", f"/api/v1/favorites/{self._product()['id']}")

    def _authenticate(self, kind: str, body: dict[str, str]) -> None:
        """Register or sign in; the response has cookies and the CSRF token for later posts."""
        path = "/api/v1/auth/register" if kind == "register" else "/api/v1/auth/login"
        if (response := self._send(kind, "POST", path, json=body)) is not None:
            self._session.headers["X-CSRFToken"] = response.headers["X-CSRFToken"]

    def _remember(self, response: requests.Response | None) -> None:
        if response is not None and (found := response.json())["results"]:
            self._latest = found

    def _product(self) -> dict[str, Any]:
        product: dict[str, Any] = self._random.choice(self._latest["results"])["product"]
        return product
