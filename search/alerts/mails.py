"""The mails of alerts, as text and as HTML, in the language that was asked in."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from urllib.parse import urljoin, urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from catalog.display.currency import shop_currency
from catalog.models import Product
from catalog.templatetags.shop import money
from search.alerts import saved_search
from search.alerts.tokens import stop_token
from search.models import Alert, AlertMail

# Products that one mail shows; the link leads to all of them.
MAX_PRODUCTS = 12


def confirmation(alert: Alert, token: str) -> EmailMultiAlternatives:
    """Asks whoever reads the mailbox whether the alert is wanted, in the language in force."""
    # Nobody knows who asked, and whether the address is theirs: no words of somebody else, such as an address
    # in a saved search, go out in a mail of the shop to somebody who did not ask for it.
    what = (
        description(alert) if alert.product else _("New finds for: %(search)s") % {"search": _("your search")}
    )
    context = {"subject": _("Shall we tell you?"), "what": what}
    return _message(alert, "confirm", {**context, "link": site() + reverse("alert-confirm", args=[token])})


def about(mail: AlertMail, *, now: datetime) -> EmailMultiAlternatives | None:
    """The news of a mail that is due; None where it is no news any more, or nobody waits for it."""
    if not Alert.objects.active(now).filter(pk=mail.alert_id).exists():
        return None
    shown = Product.objects.active().filter(pk__in=mail.products, in_stock=True).for_cards()
    products = [each for each in shown.order_by("-created_at", "pk") if mail.alert.is_met_by(each)]
    if not products:
        return None
    with translation.override(mail.alert.language):
        message = _message(mail.alert, "news", _news(mail.alert, products))
    # The same for every attempt, so that a mail server may recognise a mail that it has.
    message.extra_headers["Message-ID"] = f"<{mail.message_id}@{urlsplit(site()).hostname}>"
    return message


def description(alert: Alert) -> str:
    """What the alert is about, for people."""
    if alert.product is None:
        return _("New finds for: %(search)s") % {"search": saved_search.label(alert.query, alert.currency)}
    if alert.kind == Alert.Kind.PRICE_BELOW:
        return _("%(title)s costs less than %(price)s") % {
            "title": alert.product.title,
            "price": money(alert.price, alert.currency),
        }
    return _("%(title)s is back in stock") % {"title": alert.product.title}


def obstacle(alert: Alert) -> str:
    """Why nothing can come of it for now, for people; "" where something can."""
    currency = shop_currency() if alert.product is None else alert.product.currency
    if not currency or alert.compares(currency):
        return ""
    return _(
        "Prices are in %(now)s now and cannot be compared with %(asked)s, so this rests. Ask again with a "
        "price in %(now)s."
    ) % {"now": currency, "asked": alert.currency or _("an amount without a currency")}


def site() -> str:
    """Where links begin: never the host of a request, which whoever sends it chooses."""
    return str(settings.SITE_URL or settings.LOCAL_SITE_URL)


def _news(alert: Alert, products: Sequence[Product]) -> dict[str, Any]:
    if alert.product is None:
        count = len(products)
        subject = ngettext("%(n)d new find for you", "%(n)d new finds for you", count) % {"n": count}
        link = saved_search.path(alert.query)
    else:
        subject, link = description(alert), alert.product.get_absolute_url()
    return {
        "subject": subject,
        "what": description(alert),
        "link": site() + link,
        "shown": [(each, _picture(each)) for each in products[:MAX_PRODUCTS]],
        "goes_on": alert.product is None,
    }


def _picture(product: Product) -> str:
    """The whole address of a small picture; "" without one."""
    return urljoin(site(), product.cover.thumbnail_url) if product.cover else ""


def _message(alert: Alert, template: str, context: dict[str, Any]) -> EmailMultiAlternatives:
    stop = site() + reverse("alert-stop", args=[stop_token(alert)])
    shown = {**context, "site": site(), "stop": stop, "language": translation.get_language()}
    message = EmailMultiAlternatives(
        # A title with a line break would be refused as a forged header.
        " ".join(context["subject"].split()),
        render_to_string(f"alerts/{template}_mail.txt", shown),
        None,
        [alert.address],
        headers={
            # RFC 8058: a mailbox offers to unsubscribe with one click.
            "List-Unsubscribe": f"<{stop}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
            "Auto-Submitted": "auto-generated",
        },
    )
    message.attach_alternative(render_to_string(f"alerts/{template}_mail.html", shown), "text/html")
    return message
