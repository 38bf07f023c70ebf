"""Alerts by mail: asking, confirming, listing and ending them. Every page works without JavaScript."""

from __future__ import annotations

from decimal import Decimal

from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import get_format
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from accounts.sign_in.current_user import require_user, signed_in_user
from catalog.models import Product
from catalog.sources.base import InvalidProduct
from catalog.sources.feeds.values.prices import parse_price
from search.alerts import mails, subscribing, tokens
from search.alerts.subscribing import Wish
from search.models import Alert
from search.pages.addresses import read_query
from search.pages.answers import see_other
from search.query import InvalidQuery


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def alerts(request: HttpRequest) -> HttpResponse:
    """The list of the signed-in person's alerts; POST asks for one."""
    if request.method == "POST":
        return _subscribe(request)
    return _list(request)


@login_required
def _list(request: HttpRequest) -> HttpResponse:
    own = Alert.objects.active(timezone.now()).filter(user=require_user(request)).select_related("product")
    context = {
        "alerts": [(alert, mails.description(alert), mails.obstacle(alert)) for alert in own],
        "saved": "saved" in request.GET,
    }
    return render(request, "alerts/list.html", context)


def _subscribe(request: HttpRequest) -> HttpResponse:
    wish, now = _wish(request), timezone.now()
    user = signed_in_user(request)
    if user is not None:
        subscribing.subscribe(user, wish, now=now)
        return see_other(f"{reverse('alerts')}?saved=1")
    subscribing.subscribe_guest(_email(request), wish, now=now)
    return see_other(reverse("alert-asked"))


def _wish(request: HttpRequest) -> Wish:
    kind = request.POST.get("kind", "")
    if kind == Alert.Kind.NEW_FINDS:
        return subscribing.search_wish(read_query(request.POST))
    if kind not in Alert.Kind.values:
        raise InvalidQuery("kind", _("Say what we shall tell you about."))
    product = Product.objects.by_public_id(request.POST.get("product_id", ""))
    if product is None:
        raise Http404
    return subscribing.product_wish(kind, product, _price(request, product.currency))


def _price(request: HttpRequest, currency: str) -> Decimal | None:
    """What somebody typed as prices are written ("1.299,00", "50 €"); None for no price in ``currency``."""
    decimal = get_format("DECIMAL_SEPARATOR")
    try:
        price = parse_price(request.POST.get("price", ""), decimal=decimal, default=currency)
    except InvalidProduct:
        return None
    return price.amount if price and price.currency in ("", currency) else None


def _email(request: HttpRequest) -> str:
    email = request.POST.get("email", "").strip()
    try:
        validate_email(email)
    except ValidationError:
        raise InvalidQuery("email", _("Give the e-mail address that we shall write to.")) from None
    if len(email) > subscribing.MAX_EMAIL:
        raise InvalidQuery("email", _("Give the e-mail address that we shall write to."))
    return email


@never_cache
@require_http_methods(["GET", "HEAD"])
def asked(request: HttpRequest) -> HttpResponse:
    """What a guest reads after asking, whatever is known of the address."""
    return render(request, "alerts/asked.html")


@require_POST
@login_required
def delete(request: HttpRequest, alert_id: str) -> HttpResponse:
    Alert.objects.filter(pk=alert_id, user=require_user(request)).delete()
    return see_other(reverse("alerts"))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """The link of the mail asks; its button confirms, as some mailboxes open every link of a mail."""
    now = timezone.now()
    if request.method == "POST":
        alert = subscribing.confirm(token, now=now)
    else:
        alert = subscribing.read_confirmation(token, now=now)
    context = {
        "what": mails.description(alert),
        "obstacle": mails.obstacle(alert),
        "is_done": request.method == "POST",
    }
    return render(request, "alerts/confirm.html", context)


@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def stop(request: HttpRequest, token: str) -> HttpResponse:
    """Ends an alert by the link of any of its mails: by the page's button, or by the mailbox itself, which
    posts without cookies (RFC 8058). The token is the proof, so no CSRF token is asked for.
    """
    if request.method == "POST":
        subscribing.stop(token)
    else:
        tokens.read_stop(token)
    return render(request, "alerts/stop.html", {"is_done": request.method == "POST"})
