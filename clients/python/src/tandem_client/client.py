"""The client of one shop, for one person or server."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from http import HTTPStatus
from pathlib import Path
from types import TracebackType
from typing import Self, TypeVar
from uuid import UUID

import httpx

from tandem_client.generated.api.account import get_account, login, logout, register
from tandem_client.generated.api.catalogue import get_product
from tandem_client.generated.api.events import record_click
from tandem_client.generated.api.favourites import add_favorite, list_favorites, remove_favorite
from tandem_client.generated.api.search import list_similar_products, recommend, suggest
from tandem_client.generated.client import AuthenticatedClient
from tandem_client.generated.models import (
    Answer,
    ClickRequest,
    Favorite,
    Hit,
    HybridIdQueryRequest,
    HybridQueryRequest,
    LoginRequest,
    NewFavoriteRequest,
    Person,
    Problem,
    ProductDetail,
    RefreshRequest,
    RegisterRequest,
    SignedIn,
    SuggestAnswer,
    TokensEnum,
)
from tandem_client.generated.types import UNSET, File, Response, Unset
from tandem_client.problems import TandemProblem
from tandem_client.session import RaisingClient, Session, Tokens

T = TypeVar("T")
# Words, a picture (or the id of one), the weight between them, filters.
Query = HybridQueryRequest


def picture(source: Path | str | bytes, *, mime_type: str | None = None) -> File:
    """A picture for ``Query(image=…)``, from a path or from its bytes.

    Without a ``mime_type`` none is stated: a name may be wrong, and the shop reads it from the content.
    """
    stated = mime_type or "application/octet-stream"
    if isinstance(source, bytes):
        return File(io.BytesIO(source), "picture", stated)
    path = Path(source)
    return File(io.BytesIO(path.read_bytes()), path.name, stated)


class Tandem:
    """Every method raises TandemProblem where the shop refuses, and httpx.TransportError where it is away.

    ``api`` is for the functions in ``tandem_client.generated.api``: every operation of the document, with the
    credentials of this client.
    """

    def __init__(
        self,
        base_url: str,
        *,
        tokens: Tokens | None = None,
        on_tokens: Callable[[Tokens | None], None] | None = None,
        api_key: str = "",
        language: str = "",
        timeout: float = 30.0,
    ) -> None:
        self._session = Session(base_url, tokens, on_tokens)
        given = {"X-API-Key": api_key, "Accept-Language": language}
        self._http = RaisingClient(
            base_url=base_url,
            auth=self._session,
            headers={name: value for name, value in given.items() if value},
            timeout=timeout,
        )
        self.api = AuthenticatedClient(base_url=base_url, token="").set_httpx_client(self._http)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        self._http.close()

    @property
    def tokens(self) -> Tokens | None:
        """The pair of a client that is signed in."""
        return self._session.tokens

    def search(self, query: Query) -> Answer:
        """The first page of an answer, or the page that ``query_id`` and ``offset`` name."""
        if isinstance(query.image, Unset):
            return _good(recommend.sync_detailed(client=self.api, body=_as_json(query)))
        return _good(recommend.sync_detailed(client=self.api, body=query))

    def pages(self, query: Query) -> Iterator[Answer]:
        """The pages of one answer, each product once, whatever happens in the shop meanwhile."""
        page = self.search(query)
        yield page
        while page.next_offset is not None:
            page = self.search(Query(query_id=page.query_id, offset=page.next_offset, top_k=query.top_k))
            yield page

    def hits(self, query: Query) -> Iterator[Hit]:
        """The hits of one answer, page after page."""
        for page in self.pages(query):
            yield from page.results

    def click(self, answer: Answer, hit: Hit, *, session: str | Unset = UNSET) -> None:
        """Report that a hit of an answer was opened, in the session that the query named."""
        click = ClickRequest(
            query_id=answer.query_id, product_id=hit.product.id, position=hit.rank, session=session
        )
        record_click.sync_detailed(client=self.api, body=click)

    def product(self, product_id: str) -> ProductDetail:
        return _good(get_product.sync_detailed(client=self.api, product_id=product_id))

    def similar(
        self, product_id: str, *, top_k: int = 12, offset: int = 0, query_id: UUID | Unset = UNSET
    ) -> Answer:
        return _good(
            list_similar_products.sync_detailed(
                client=self.api, product_id=product_id, top_k=top_k, offset=offset, query_id=query_id
            )
        )

    def suggest(self, q: str) -> SuggestAnswer:
        return _good(suggest.sync_detailed(client=self.api, q=q))

    def favorites(self) -> list[Favorite]:
        return _good(list_favorites.sync_detailed(client=self.api))

    def add_favorite(self, product_id: str) -> Favorite:
        body = NewFavoriteRequest(product_id=product_id)
        return _good(add_favorite.sync_detailed(client=self.api, body=body))

    def remove_favorite(self, product_id: str) -> None:
        remove_favorite.sync_detailed(client=self.api, product_id=product_id)

    def register(self, *, email: str, password: str, name: str) -> Person:
        body = RegisterRequest(email=email, password=password, name=name, tokens=TokensEnum.BODY)
        return self._signed_in(_good(register.sync_detailed(client=self.api, body=body)))

    def sign_in(self, *, email: str, password: str) -> Person:
        body = LoginRequest(email=email, password=password, tokens=TokensEnum.BODY)
        return self._signed_in(_good(login.sync_detailed(client=self.api, body=body)))

    def me(self) -> Person:
        return _good(get_account.sync_detailed(client=self.api))

    def sign_out(self) -> None:
        if self.tokens is None:
            return
        body = RefreshRequest(refresh=self.tokens.refresh)
        try:
            logout.sync_detailed(client=self.api, body=body)
        except TandemProblem as problem:
            # 401: signed out already, by a new password or on another device.
            if problem.status != HTTPStatus.UNAUTHORIZED:
                raise
        self._session.keep(None)

    def _signed_in(self, answer: SignedIn) -> Person:
        assert not isinstance(answer.access, Unset)  # noqa: S101 - asked for in the body
        assert not isinstance(answer.refresh, Unset)  # noqa: S101 - as above
        self._session.keep(Tokens(answer.access, answer.refresh))
        return answer.user


def _as_json(query: Query) -> HybridIdQueryRequest:
    return HybridIdQueryRequest.from_dict(query.to_dict())


def _good(answer: Response[T | Problem]) -> T:
    """What a request answered that was not refused (RaisingClient)."""
    if answer.parsed is None or isinstance(answer.parsed, Problem):
        raise httpx.DecodingError(
            f"The shop answered {answer.status_code}, which the document does not have."
        )
    return answer.parsed
