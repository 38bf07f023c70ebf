"""Shoppers: each asks, in an order of its own, for the things people ask a shop for."""

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
PASSWORD = "a long enough pass phrase"  # noqa: S105 - of people who live a minute
PATIENCE_SECONDS = 60
# How often each thing is asked, beside the others.
VISIT = {
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
class Answer:
    """How one request went; ``status`` 0 stands for none, with the reason in ``text``."""

    kind: str
    status: int
    seconds: float
    retry_after: str = ""
    # The beginning of what came, where it was not what a shopper wants.
    text: str = ""

    @property
    def is_good(self) -> bool:
        return 200 <= self.status < 400

    @property
    def is_honest_refusal(self) -> bool:
        return self.status == 503 and self.retry_after.isdigit()


@dataclass
class Shopper:
    """One client with cookies, an address and a memory of what it saw."""

    number: int
    address: str
    pictures: list[bytes]
    answers: list[Answer] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._random = random.Random(self.number)  # noqa: S311 - reproducible shoppers
        self._session = requests.Session()
        # As a proxy would write it; limits count by address.
        self._session.headers["X-Forwarded-For"] = f"198.51.100.{self.number + 1}"
        # Nobody of this name yet, in a shop that is kept from run to run.
        self._email = f"{uuid.uuid4().hex}@load.example"
        self._words = "red dress"
        self._seen: dict[str, Any] = {}
        self._image_id = ""

    def arrive(self) -> None:
        """Register and look at something, so that every kind of request has what it needs."""
        body = {"email": self._email, "password": PASSWORD, "name": "Load"}
        self._enter("register", body)
        end = time.monotonic() + PATIENCE_SECONDS
        while not self._seen:
            if time.monotonic() > end:
                raise SystemExit(f"No search was answered: {self.answers[-1]}")
            self._text_search()
            self._rest(0, end)

    def shop_until(self, end: float, pause: float) -> None:
        """Ask one thing after the other until the clock says ``end``."""
        doing = self._doing()
        kinds, weights = list(VISIT), list(VISIT.values())
        while time.monotonic() < end:
            doing[self._random.choices(kinds, weights)[0]]()
            self._rest(pause * self._random.uniform(0.5, 1.5), end)

    def _rest(self, pause: float, end: float) -> None:
        """Look at what came, or wait as long as a refusal says, but not past ``end``."""
        last = self.answers[-1]
        wait = float(last.retry_after) if last.is_honest_refusal else pause
        time.sleep(max(0.0, min(wait, end - time.monotonic())))

    def _doing(self) -> dict[str, Callable[[], object]]:
        return {
            "home": lambda: self._ask("home", "GET", "/"),
            "results page": self._results,
            "results page, next": lambda: self._results(offset=24),
            "text search": self._text_search,
            "picture + words": self._picture_search,
            "same picture, next": self._next_by_picture,
            "product page": lambda: self._ask("product page", "GET", f"/products/{self._product()['id']}"),
            "product": lambda: self._ask("product", "GET", f"/api/v1/product/{self._product()['id']}"),
            "similar": lambda: self._ask(
                "similar", "GET", f"/api/v1/similar-products/{self._product()['id']}"
            ),
            "suggest": self._suggest,
            "thumbnail": lambda: self._ask("thumbnail", "GET", self._product()["thumbnail_url"]),
            "click": self._click,
            "keep favourite": self._keep,
            "favourites page": lambda: self._ask("favourites page", "GET", "/favorites"),
            "drop favourite": self._drop,
            "sign in": lambda: self._enter("sign in", {"email": self._email, "password": PASSWORD}),
        }

    def _ask(self, kind: str, method: str, path: str, **request: Any) -> requests.Response | None:
        """Send a request and note how it went; None where it was not answered as a shopper hopes."""
        url = path if path.startswith("http") else self.address + path
        began = time.perf_counter()
        try:
            response = self._session.request(method, url, timeout=PATIENCE_SECONDS, **request)
        except requests.RequestException as error:
            self.answers.append(Answer(kind, 0, time.perf_counter() - began, text=repr(error)[:300]))
            return None
        seconds = time.perf_counter() - began
        text = "" if response.ok else response.text[:300]
        retry_after = response.headers.get("Retry-After", "")
        self.answers.append(Answer(kind, response.status_code, seconds, retry_after, text))
        return response if response.ok else None

    def _fresh_words(self) -> str:
        """Half of what people ask was asked before."""
        pick = self._random.choice
        words = f"{pick(COLOURS)} {pick(KINDS)}"
        if self._random.random() < 0.5:
            words = f"{pick(LOOKS)} {words} {self._random.randrange(100_000)}"
        return words

    def _results(self, offset: int = 0) -> None:
        if not offset:
            self._words = self._fresh_words()
        kind = "results page, next" if offset else "results page"
        self._ask(kind, "GET", "/results", params={"text": self._words, "offset": offset})

    def _text_search(self) -> None:
        body = {"text": self._fresh_words()}
        self._remember(self._ask("text search", "POST", "/api/v1/text-search", json=body))

    def _picture_search(self) -> None:
        fields = {"text": self._fresh_words(), "weight": f"{self._random.random():.2f}"}
        files = {"image": self._photo()}
        answer = self._ask("picture + words", "POST", "/api/v1/recommend", data=fields, files=files)
        self._remember(answer)
        if answer is not None:
            self._image_id = answer.json()["image_id"]

    def _photo(self) -> tuple[str, bytes, str]:
        """A picture of the shop as it is, or two times in three with a speck that nobody sent before."""
        content = self._random.choice(self.pictures)
        image = Image.open(io.BytesIO(content))
        if self._random.random() < 1 / 3:
            return "saved", content, str(image.get_format_mimetype())
        marked = image.convert("RGB")
        speck = tuple(self._random.randrange(256) for _channel in range(3))
        marked.paste(speck, (0, 0, 16, 16))
        file = io.BytesIO()
        marked.save(file, "JPEG", quality=90)
        return "photo.jpg", file.getvalue(), "image/jpeg"

    def _next_by_picture(self) -> None:
        if not self._image_id:
            return self._picture_search()
        body = {"image_id": self._image_id, "text": self._words, "offset": 24}
        self._ask("same picture, next", "POST", "/api/v1/recommend", json=body)
        return None

    def _suggest(self) -> None:
        letters = self._random.choice(COLOURS + KINDS)[: self._random.randint(1, 4)]
        self._ask("suggest", "GET", "/api/v1/suggest", params={"q": letters})

    def _click(self) -> None:
        result = self._random.choice(self._seen["results"])
        body = {
            "query_id": self._seen["query_id"],
            "product_id": result["product"]["id"],
            "position": result["rank"],
        }
        self._ask("click", "POST", "/api/v1/events/click", json=body)

    def _keep(self) -> None:
        self._ask("keep favourite", "POST", "/api/v1/favorites", json={"product_id": self._product()["id"]})

    def _drop(self) -> None:
        self._ask("drop favourite", "DELETE", f"/api/v1/favorites/{self._product()['id']}")

    def _enter(self, kind: str, body: dict[str, str]) -> None:
        """Register or sign in; the cookies come with a token for what is posted next."""
        path = "/api/v1/auth/register" if kind == "register" else "/api/v1/auth/login"
        if (answer := self._ask(kind, "POST", path, json=body)) is not None:
            self._session.headers["X-CSRFToken"] = answer.headers["X-CSRFToken"]

    def _remember(self, answer: requests.Response | None) -> None:
        if answer is not None and (found := answer.json())["results"]:
            self._seen = found

    def _product(self) -> dict[str, Any]:
        product: dict[str, Any] = self._random.choice(self._seen["results"])["product"]
        return product
