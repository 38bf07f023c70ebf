"""What a person does with an account: alerts, favourites, sign-ins, and leaving."""

from python_shop import EMAIL, NEW_PASSWORD, PASSWORD, SHOP, client_of, done, good
from tandem_api_client import AuthenticatedClient, Client
from tandem_api_client.api.account import (
    change_password,
    delete_account,
    end_sign_ins,
    export_account,
    list_sign_ins,
    request_password_reset,
    reset_password,
)
from tandem_api_client.api.alerts import ask_for_alert, confirm_alert, delete_alert, list_alerts, stop_alert
from tandem_api_client.api.favourites import add_favorite, list_favorites, remove_favorite
from tandem_api_client.models import (
    Alert,
    AlertKindEnum,
    DeleteRequest,
    EndSignInsRequest,
    ForgotRequest,
    NewAlertRequest,
    NewFavoriteRequest,
    PasswordRequest,
    Problem,
    ResetRequest,
    TokenRequest,
    TokensEnum,
)


def told(person: AuthenticatedClient) -> None:
    product_id = SHOP["productId"]
    wish = NewAlertRequest(AlertKindEnum.PRICE_BELOW, product_id=product_id, price="5.00")
    alert = good(ask_for_alert.sync_detailed(client=person, body=wish))
    assert isinstance(alert, Alert)
    assert [each.price for each in good(list_alerts.sync_detailed(client=person))] == ["5.00"]
    done(delete_alert.sync_detailed(alert.id, client=person))
    done(confirm_alert.sync_detailed(client=person, body=TokenRequest(SHOP["alert"]["confirm"])))
    done(stop_alert.sync_detailed(client=person, body=TokenRequest(SHOP["alert"]["stop"])))


def staying(person: AuthenticatedClient) -> None:
    product_id = SHOP["productId"]
    good(add_favorite.sync_detailed(client=person, body=NewFavoriteRequest(product_id=product_id)))
    kept = good(list_favorites.sync_detailed(client=person, cards=True))
    assert [each.product_id for each in kept] == [product_id]
    done(remove_favorite.sync_detailed(client=person, product_id=product_id))
    assert any(each.current for each in good(list_sign_ins.sync_detailed(client=person)))
    done(end_sign_ins.sync_detailed(client=person, body=EndSignInsRequest(password=PASSWORD)))
    assert good(export_account.sync_detailed(client=person)).account.email == EMAIL


def leaving(anybody: Client, person: AuthenticatedClient) -> None:
    change = PasswordRequest(PASSWORD, NEW_PASSWORD, tokens=TokensEnum.BODY)
    person = client_of(good(change_password.sync_detailed(client=person, body=change)))
    wrong = delete_account.sync(client=person, body=DeleteRequest("wrong"))
    assert isinstance(wrong, Problem)
    assert wrong.code == "password_wrong"
    done(delete_account.sync_detailed(client=person, body=DeleteRequest(NEW_PASSWORD)))
    done(request_password_reset.sync_detailed(client=anybody, body=ForgotRequest(EMAIL)))
    reset = ResetRequest(**SHOP["reset"], new_password=NEW_PASSWORD)
    done(reset_password.sync_detailed(client=anybody, body=reset))
