"""The links of the OpenAPI document: which operation goes on with what an answer holds."""

from __future__ import annotations

from typing import Any

Link = dict[str, Any]
# Operations by their ids -> links by their names.
Links = dict[str, dict[str, Link]]

_QUERY = "$response.body#/query_id"


def _link(operation: str, *, parameters: Link | None = None, body: Link | None = None) -> Link:
    given = {"parameters": parameters, "requestBody": body}
    return {"operationId": operation, **{name: value for name, value in given.items() if value}}


def _of_products(product: str) -> dict[str, Link]:
    """Where a product of an answer leads; ``product`` is the place of its id."""
    named = {"product_id": f"$response.body#{product}"}
    return {
        "Product": _link("getProduct", parameters=named),
        "SimilarProducts": _link("listSimilarProducts", parameters=named),
        "Look": _link("completeTheLook", parameters=named),
        "AddFavorite": _link("addFavorite", body=named),
        "RemoveFavorite": _link("removeFavorite", parameters=named),
    }


def _of_an_answer(operation: str) -> dict[str, Link]:
    """A search: its next page, what its first product leads to, and a click on it."""
    first = "/results/0/product/id"
    page = {"query_id": _QUERY, "offset": "$response.body#/next_offset"}
    click = {"query_id": _QUERY, "product_id": f"$response.body#{first}", "position": 1}
    return {
        "NextPage": _link(operation, body=page),
        "Click": _link("recordClick", body=click),
        **_of_products(first),
    }


_PICTURE = {"DeletePicture": _link("deleteQueryImage", parameters={"image_id": "$response.body#/image_id"})}
_SIMILAR = _of_an_answer("listSimilarProducts") | {
    "NextPage": _link(
        "listSimilarProducts",
        parameters={
            "product_id": "$request.path.product_id",
            "query_id": _QUERY,
            "offset": "$response.body#/next_offset",
        },
    )
}
_LIST = {"NextPage": _link("listProducts", parameters={"cursor": "$response.body#/next_cursor"})}
_CATALOGUE = {"NextPage": _link("listCatalogue", parameters={"cursor": "$response.body#/next_cursor"})}
_WRITTEN = {"Delete": _link("deleteProducts", body={"products": [{"id": "$response.body#/results/0/id"}]})}

LINKS: Links = {
    "recommend": _of_an_answer("recommend") | _PICTURE,
    "searchByText": _of_an_answer("searchByText"),
    "searchByImage": _of_an_answer("searchByImage") | _PICTURE,
    "listSimilarProducts": _SIMILAR,
    "listProducts": _LIST | _of_products("/results/0/id"),
    "completeTheLook": _of_products("/results/0/product/id"),
    "listCatalogue": _CATALOGUE,
    "upsertProducts": _WRITTEN,
    "addFavorite": {
        "RemoveFavorite": _link("removeFavorite", parameters={"product_id": "$response.body#/product_id"})
    },
    "askForAlert": {"DeleteAlert": _link("deleteAlert", parameters={"alert_id": "$response.body#/id"})},
}


def add_links(paths: dict[str, Any]) -> None:
    """Write them into the operations of a document, for their answers 200 and 201."""
    for methods in paths.values():
        for operation in methods.values():
            for status in {"200", "201"} & operation["responses"].keys():
                if links := LINKS.get(operation["operationId"]):
                    operation["responses"][status]["links"] = links
