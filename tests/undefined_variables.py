"""Records the variables that our templates read and nothing defines, which Django renders as nothing."""

from collections.abc import Iterator
from contextlib import contextmanager
from unittest import mock

from django.conf import settings
from django.template import engines
from django.template.base import Variable, VariableDoesNotExist

OURS = str(settings.BASE_DIR / "templates")
# What a client sends is optional by nature.
FROM_CLIENT = {("request", "GET"), ("request", "COOKIES")}


@contextmanager
def recorded() -> Iterator[list[str]]:
    """``with recorded() as undefined``: fills the list with "name in template" while templates render.

    Django looks up a variable in one place, whether it is printed, tested by ``{% if %}``, filtered or
    handed to a tag; the exception raised there is caught at a different place for each.
    """
    undefined: list[str] = []
    lookup = Variable._resolve_lookup

    def recording_lookup(variable, context):
        try:
            return lookup(variable, context)
        except VariableDoesNotExist:
            if variable.lookups[:2] not in FROM_CLIENT and (name := _template_of_ours(context)):
                undefined.append(f"{variable} in {name}")
            raise

    with (
        mock.patch.object(Variable, "_resolve_lookup", recording_lookup),
        mock.patch.object(engines["django"].engine, "string_if_invalid", _InBlocktrans(undefined)),
    ):
        yield undefined


def _template_of_ours(context) -> str | None:
    """The name of the template that is rendered; None for templates of Django and of packages."""
    template = getattr(getattr(context, "render_context", None), "template", None)
    return template.name if template and template.origin.name.startswith(OURS) else None


class _InBlocktrans(str):
    """Empty, so that filters run as on Django's default; ``{% blocktrans %}`` formats it with the name."""

    def __new__(cls, undefined: list[str]):
        text = super().__new__(cls)
        text.undefined = undefined
        return text

    def __contains__(self, part: str) -> bool:
        return part == "%s"

    def __mod__(self, name: object) -> str:
        self.undefined.append(f"{name} in {{% blocktrans %}}")
        return ""
