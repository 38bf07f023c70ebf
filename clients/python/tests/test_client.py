"""Against a served shop, which TANDEM_SHOP describes (tests/clients/conftest.py)."""

import json
import os
import socket
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import pytest
from tandem_client import CODES, Query, Tandem, TandemProblem, Tokens, picture
from tandem_client.generated.api.account import change_password
from tandem_client.generated.api.catalogue import list_products
from tandem_client.generated.models import PasswordRequest, ProductList

SHOP: dict[str, Any] = json.loads(os.environ["TANDEM_SHOP"])
PASSWORD = "seven green umbrellas"


@pytest.fixture
def shop() -> Iterator[Tandem]:
    with Tandem(SHOP["url"], language="en") as client:
        yield client


def test_words_find_products(shop: Tandem) -> None:
    assert shop.search(Query(text=SHOP["words"])).results[0].product.title.startswith("Red dress")


def test_a_picture_and_words_are_mixed_by_the_weight(shop: Tandem) -> None:
    def first(weight: float) -> str:
        query = Query(text=SHOP["words"], image=picture(SHOP["picture"]), weight=weight)
        return shop.search(query).results[0].product.title

    assert first(1.0).startswith("Blue")
    assert first(0.0).startswith("Red dress")


def test_the_id_of_an_uploaded_picture_stands_for_it(shop: Tandem) -> None:
    content = Path(SHOP["picture"]).read_bytes()
    uploaded = shop.search(Query(image=picture(content, mime_type="image/jpeg")))
    assert uploaded.image_id is not None
    again = shop.search(Query(image_id=uploaded.image_id))
    assert again.results[0].product == uploaded.results[0].product


def test_a_picture_may_have_a_wrong_ending(shop: Tandem, tmp_path: Path) -> None:
    renamed = tmp_path / "photo.png"
    renamed.write_bytes(Path(SHOP["picture"]).read_bytes())
    assert shop.search(Query(image=picture(renamed))).results


def test_filters_go_with_an_upload_each_value_of_a_list(shop: Tandem) -> None:
    query = Query(image=picture(SHOP["picture"]), colour=["Red", "Blue"], price_max="20.00")
    hits = list(shop.hits(query))
    assert {hit.product.colour for hit in hits} <= {"Red", "Blue"}
    assert hits
    assert all(float(hit.product.price or 0) <= 20 for hit in hits)


def test_the_pages_of_an_answer_hold_each_of_its_products_once(shop: Tandem) -> None:
    query = Query(text="dress", top_k=4)
    total = shop.search(query).total
    ids = [hit.product.id for hit in shop.hits(query)]
    assert len(ids) == len(set(ids)) == total > 4


def test_a_click_names_the_answer_that_it_came_from(shop: Tandem) -> None:
    answer = shop.search(Query(text=SHOP["words"]))
    shop.click(answer, answer.results[0])
    answer.results[0].product.id = "none"
    with pytest.raises(TandemProblem) as refusal:
        shop.click(answer, answer.results[0])
    assert (refusal.value.status, refusal.value.code) == (404, "product_unknown")


def test_a_product_what_is_like_it_and_completions(shop: Tandem) -> None:
    assert shop.product(SHOP["productId"]).id == SHOP["productId"]
    assert len(shop.similar(SHOP["productId"], top_k=3).results) == 3
    assert shop.suggest("dre").suggestions


def test_a_refusal_has_a_code_and_the_fields_that_are_to_blame(shop: Tandem) -> None:
    with pytest.raises(TandemProblem) as refusal:
        shop.search(Query(text="red", top_k=1000))
    assert refusal.value.code == "invalid"
    assert list(refusal.value.errors) == ["top_k"]
    assert "answer_expired" in CODES


def test_sentences_follow_the_language_and_codes_do_not(shop: Tandem) -> None:
    refusals = []
    with Tandem(SHOP["url"], language="de") as german:
        for client in (shop, german):
            with pytest.raises(TandemProblem) as refusal:
                client.product("none")
            refusals.append(refusal.value)
    assert refusals[0].code == refusals[1].code == "product_unknown"
    assert str(refusals[0]) != str(refusals[1])


def test_a_person_signs_in_keeps_favourites_and_signs_out() -> None:
    kept: list[Tokens | None] = []
    with Tandem(SHOP["url"], on_tokens=kept.append) as shop:
        shop.register(email="py@example.com", password=PASSWORD, name="Ada")
        shop.add_favorite(SHOP["productId"])
        assert [each.product_id for each in shop.favorites()] == [SHOP["productId"]]
        shop.remove_favorite(SHOP["productId"])
        shop.sign_out()
        assert kept[-1] is None
        assert len(kept) == 2
        with pytest.raises(TandemProblem) as refusal:
            shop.me()
    assert refusal.value.code == "not_authenticated"


def test_an_expired_token_is_refreshed_once_for_requests_that_expire_together() -> None:
    kept: list[Tokens | None] = []
    with Tandem(SHOP["url"], tokens=Tokens(**SHOP["expired"]), on_tokens=kept.append) as shop:
        upload = Query(image=picture(SHOP["picture"]))
        with ThreadPoolExecutor() as threads:
            person, kept_products = threads.submit(shop.me), threads.submit(shop.favorites)
            answer = threads.submit(shop.search, upload)
        assert person.result().email == "eve@example.com"
        assert kept_products.result() == []
        assert answer.result().results
    assert len(kept) == 1


def test_a_refresh_token_that_is_refused_ends_the_sign_in() -> None:
    tokens = Tokens(SHOP["expired"]["access"], "no token")
    with Tandem(SHOP["url"], tokens=tokens) as shop:
        with pytest.raises(TandemProblem) as refusal:
            shop.me()
        assert shop.tokens is None
    # What the shop says of the refresh token: sign in again.
    assert refusal.value.code == "token_invalid"


def test_a_sign_in_that_was_ended_elsewhere_is_forgotten() -> None:
    who = {"email": "ended@example.com", "password": PASSWORD}
    kept: list[Tokens | None] = []
    with Tandem(SHOP["url"], on_tokens=kept.append) as phone, Tandem(SHOP["url"]) as laptop:
        phone.register(**who, name="Ada")
        laptop.sign_in(**who)
        change_password.sync_detailed(
            client=laptop.api, body=PasswordRequest(password=PASSWORD, new_password=PASSWORD + " wet")
        )
        with pytest.raises(TandemProblem) as refusal:
            phone.search(Query(text=SHOP["words"]))
        assert refusal.value.code == "token_invalid"
        assert kept[-1] is None
        assert phone.search(Query(text=SHOP["words"])).total
        phone.sign_out()


def test_a_refresh_that_is_not_answered_takes_no_longer_than_a_request() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        address = f"http://127.0.0.1:{silent.getsockname()[1]}"
        with Tandem(SHOP["url"], tokens=Tokens(**SHOP["expired"]), timeout=0.5) as shop:
            shop._session._refresh_url = address
            with pytest.raises(httpx.TimeoutException):
                shop.me()


def test_an_api_key_goes_with_every_request() -> None:
    with Tandem(SHOP["url"], api_key=SHOP["apiKey"]) as shop:
        assert shop.search(Query(text=SHOP["words"])).total
    wrong = f"tandem_{'0' * 12}_{'0' * 64}"
    with Tandem(SHOP["url"], api_key=wrong) as shop, pytest.raises(TandemProblem) as refusal:
        shop.search(Query(text=SHOP["words"]))
    assert refusal.value.code == "api_key_invalid"


def test_the_generated_functions_have_the_credentials_and_the_problems(shop: Tandem) -> None:
    listed = list_products.sync(client=shop.api, colour=["Red"], top_k=3)
    assert isinstance(listed, ProductList)
    assert {card.colour for card in listed.results} == {"Red"}
    with pytest.raises(TandemProblem):
        list_products.sync(client=shop.api, top_k=1000)
