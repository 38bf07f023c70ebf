"""The endpoint of the Model Context Protocol, over whatever tools a toolset has."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from rest_framework.exceptions import PermissionDenied, UnsupportedMediaType
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.request import Request
from rest_framework.views import APIView

from accounts.sign_in.authentication import KeyAuthentication
from search.agents import refusals
from search.agents.addresses import site
from search.agents.shop_tools import SHOP
from search.agents.tools import Toolset

_FOREIGN = _("Pages of this origin may not call this shop. Its operator adds them to CORS_ALLOWED_ORIGINS.")


class JSONAlone(DefaultContentNegotiation):
    """JSON, whatever is accepted: the protocols refuse what they must, and a client that opens a stream
    expects 405.
    """

    def select_renderer(self, request: Request, renderers: Any, format_suffix: Any = None) -> Any:
        return renderers[0], renderers[0].media_type


class AgentView(APIView):
    """Answered where its setting is on, with nobody's sign-in and, if sent, with an API key."""

    # The name of the setting that switches it on.
    setting: ClassVar[str]
    authentication_classes = [KeyAuthentication]
    content_negotiation_class = JSONAlone
    http_method_names = ["get", "head", "post"]
    # The protocols have descriptions of their own; the API's document is about /api/v1/.
    schema = None
    scope = "search"

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        if not getattr(settings, self.setting):
            raise Http404
        if not is_own_origin(request._request):
            raise PermissionDenied(_FOREIGN)
        super().initial(request, *args, **kwargs)

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        """Refusals in the words of the protocol."""
        final = super().finalize_response(request, response, *args, **kwargs)
        problem = getattr(response, "data", None)
        if final.status_code >= 400 and isinstance(problem, dict) and "detail" in problem:
            final.data, final.content_type = refusals.in_protocol(request.path_info, problem) or (
                problem,
                refusals.JSON,
            )
        return final


class McpView(AgentView):
    """POST takes one message. There are neither streams nor sessions: GET and DELETE are refused with 405."""

    setting = "MCP"
    toolset: ClassVar[Toolset] = SHOP

    def post(self, request: Request) -> HttpResponse:
        body = read_json(request._request)
        # Late, because the package takes seconds to import, and most shops leave it off.
        from search.agents.transport import answered

        return answered(request._request, self.toolset, body)


def is_own_origin(request: HttpRequest) -> bool:
    """Whether a browser's page may send this: without an Origin, from this site, or from an allowed one.

    The protocol asks for it: a page that rebinds its name to this server's address has an Origin of its own.
    """
    origin = request.headers.get("Origin")
    if origin is None:
        return True
    own = {site(request), f"{request.scheme}://{request.get_host()}"}
    return origin in own or origin in {*settings.CORS_ALLOWED_ORIGINS, *settings.CSRF_TRUSTED_ORIGINS}


def read_json(request: HttpRequest) -> bytes:
    """A JSON body, which may hold a picture in base64; BodySizeMiddleware has checked its length.

    Raises UnsupportedMediaType and RequestDataTooBig.
    """
    if request.content_type != refusals.JSON:
        raise UnsupportedMediaType(request.content_type or "")
    limit = int(settings.MAX_UPLOAD_BYTES) + settings.DATA_UPLOAD_MAX_MEMORY_SIZE
    body: bytes = request.read(limit + 1)
    if len(body) > limit:
        raise RequestDataTooBig
    return body
