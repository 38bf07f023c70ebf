"""Every operation through the functions of openapi-python-client; TANDEM_SHOP describes the served shop."""

from python_account import leaving, staying, told
from python_shop import EMAIL, PASSWORD, SHOP, client_of, done, good, picture
from tandem_api_client import AuthenticatedClient, Client
from tandem_api_client.api.account import (
    get_account,
    login,
    logout,
    refresh_tokens,
    register,
    update_account,
)
from tandem_api_client.api.catalogue import (
    delete_products,
    get_product,
    list_catalogue,
    list_products,
    update_offers,
    upsert_products,
)
from tandem_api_client.api.events import (
    forget_session,
    record_click,
    record_event_by_pixel,
    record_events,
)
from tandem_api_client.api.problems import list_problems
from tandem_api_client.api.search import (
    complete_the_look,
    delete_query_image,
    list_similar_products,
    multi_search,
    recommend,
    search_by_image,
    search_by_text,
    suggest,
)
from tandem_api_client.api.staff import get_stats
from tandem_api_client.models import (
    Answer,
    BulkDeletionRequest,
    BulkOffersRequest,
    BulkProductsRequest,
    ClickRequest,
    EventRequest,
    EventTypeEnum,
    HybridIdQueryRequest,
    HybridQueryRequest,
    ImageQueryRequest,
    LoginRequest,
    MultiSearchRequest,
    OfferRowRequest,
    PatchedPersonRequest,
    ProductRowRequest,
    RefreshRequest,
    RegisterRequest,
    RowIdRequest,
    SessionRequest,
    TextQueryRequest,
    TokensEnum,
)


def check_answer(answer: Answer, colour: str) -> None:
    assert answer.total >= len(answer.results) > 0
    assert colour in answer.results[0].product.title.lower()


def main() -> None:
    anybody = Client(base_url=SHOP["url"])
    in_body = TokensEnum.BODY
    good(register.sync_detailed(client=anybody, body=RegisterRequest(EMAIL, PASSWORD, "Ada", tokens=in_body)))
    pair = good(login.sync_detailed(client=anybody, body=LoginRequest(EMAIL, PASSWORD, tokens=in_body)))
    pair = good(refresh_tokens.sync_detailed(client=anybody, body=RefreshRequest(refresh=pair.refresh)))
    person = client_of(pair)
    named = good(update_account.sync_detailed(client=person, body=PatchedPersonRequest(name="Ada L.")))
    assert named.name == "Ada L."
    assert good(get_account.sync_detailed(client=person)).email == EMAIL
    searches(person)
    browsing(person)
    server = AuthenticatedClient(SHOP["url"], SHOP["apiKey"], prefix="", auth_header_name="X-API-Key")
    serving(server)
    reporting(server)
    told(person)
    staying(person)
    leaving(anybody, person)
    staff_client = client_of(
        good(login.sync_detailed(client=anybody, body=LoginRequest(**SHOP["staff"], tokens=in_body)))
    )
    assert good(get_stats.sync_detailed(client=staff_client, days=7)).days == 7
    done(logout.sync_detailed(client=staff_client, body=RefreshRequest()))


def searches(person: AuthenticatedClient) -> None:
    query = TextQueryRequest(text=SHOP["words"], top_k=3)
    words = good(search_by_text.sync_detailed(client=person, body=query))
    check_answer(words, "red")
    assert words.next_offset is not None
    after = TextQueryRequest(query_id=words.query_id, offset=words.next_offset, top_k=3)
    second = good(search_by_text.sync_detailed(client=person, body=after))
    assert not {hit.product.id for hit in words.results} & {hit.product.id for hit in second.results}
    form = ImageQueryRequest(image=picture(), colour=["Blue", "Red"])
    uploaded = good(search_by_image.sync_detailed(client=person, body=form))
    check_answer(uploaded, "blue")
    assert uploaded.image_id
    both = HybridQueryRequest(image=picture(), text=SHOP["words"], weight=1.0)
    check_answer(good(recommend.sync_detailed(client=person, body=both)), "blue")
    kept = HybridIdQueryRequest(image_id=uploaded.image_id, text=SHOP["words"], weight=0.0)
    check_answer(good(recommend.sync_detailed(client=person, body=kept)), "red")
    first = words.results[0]
    click = ClickRequest(query_id=words.query_id, product_id=first.product.id, position=first.rank)
    done(record_click.sync_detailed(client=person, body=click))
    assert good(suggest.sync_detailed(client=person, q="dre")).suggestions
    several = MultiSearchRequest(
        [HybridIdQueryRequest(text=SHOP["words"]), HybridIdQueryRequest(text="blue")]
    )
    answers = good(multi_search.sync_detailed(client=person, body=several)).results
    assert [each.status for each in answers] == [200, 200]
    done(delete_query_image.sync_detailed(client=person, image_id=uploaded.image_id))


def browsing(person: AuthenticatedClient) -> None:
    product_id = SHOP["productId"]
    assert good(get_product.sync_detailed(client=person, product_id=product_id)).id == product_id
    similar = good(list_similar_products.sync_detailed(client=person, product_id=product_id, top_k=4))
    assert len(similar.results) == 4
    look = good(complete_the_look.sync_detailed(product_id, client=person, top_k=3))
    assert len(look.results) <= 3
    listed = good(list_products.sync_detailed(client=person, colour=["Red", "Green"], top_k=5))
    assert len(listed.results) == 5
    assert len(good(list_problems.sync_detailed(client=person))) > 10


def serving(server: AuthenticatedClient) -> None:
    row = ProductRowRequest(
        "jumper", "Yellow jumper", category="Apparel > Jumper", price="12.00", currency="EUR", quantity=3
    )
    made = good(
        upsert_products.sync_detailed(client=server, body=BulkProductsRequest([row]), source="api_python")
    )
    assert (made.created, made.results[0].status) == (1, "created")
    offers = BulkOffersRequest([OfferRowRequest("jumper", price="9.00")])
    assert good(update_offers.sync_detailed(client=server, body=offers, source="api_python")).updated == 1
    listed = good(list_catalogue.sync_detailed(client=server, source="api_python"))
    assert [each.price for each in listed.results] == ["9.00"]
    going = BulkDeletionRequest([RowIdRequest("jumper")])
    gone = delete_products.sync_detailed(client=server, body=going, source="api_python", force=True)
    assert good(gone).deleted == 1


def reporting(server: AuthenticatedClient) -> None:
    event = EventRequest(
        EventTypeEnum.BASKET, SHOP["productId"], session=SHOP["session"], event_id="python-1"
    )
    assert good(record_events.sync_detailed(client=server, body=[event])).kept == 1
    assert good(record_events.sync_detailed(client=server, body=event)).known == 1
    pixel = {name: value for name, value in SHOP["pixel"].items() if name != "type"}
    done(record_event_by_pixel.sync_detailed(client=server, **pixel))
    done(forget_session.sync_detailed(client=server, body=SessionRequest(SHOP["session"])))


if __name__ == "__main__":
    main()
