"""The check for undefined template variables itself."""

import pytest
from django.template import Context, Origin, Template, engines
from django.test import RequestFactory

from tests.undefined_variables import OURS, recorded


@pytest.fixture(autouse=True)
def defined_template_variables():
    """Switches the check of all tests off: here undefined variables are expected."""


def render(source, *, folder=OURS, **variables):
    origin = Origin(f"{folder}/page.html", "page.html")
    template = Template(source, origin, "page.html", engines["django"].engine)
    return template.render(Context(variables))


@pytest.mark.parametrize(
    "source",
    [
        "{{ titel }}",
        "{{ titel|default:'none' }}",
        "{% if titel %}yes{% endif %}",
        "{% if titel == 'a' or not titel %}yes{% endif %}",
        "{% for letter in titel %}{{ letter }}{% endfor %}",
        "{% with other=titel %}{% endwith %}",
        "{% load i18n %}{% trans titel %}",
        "{% load i18n %}{% blocktrans %}The {{ titel }}{% endblocktrans %}",
        "{% load i18n %}{% blocktrans with name=titel %}The {{ name }}{% endblocktrans %}",
    ],
)
def test_a_misspelt_variable_is_found_wherever_a_template_reads_it(source):
    with recorded() as undefined:
        render(source, title="A shirt")
    assert undefined
    assert all(entry.startswith("titel in ") for entry in undefined)


def test_a_missing_attribute_is_found():
    with recorded() as undefined:
        render("{{ product.titel }}", product={"title": "A shirt"})
    assert undefined == ["product.titel in page.html"]


def test_values_that_are_empty_or_none_are_defined():
    with recorded() as undefined:
        assert render("{% if not hit %}{{ title }}{% endif %}", hit=None, title="") == ""
    assert undefined == []


def test_a_parameter_that_the_client_left_out_is_no_mistake():
    with recorded() as undefined:
        render("{{ request.GET.reset }}{{ request.COOKIES.theme }}", request=RequestFactory().get("/"))
    assert undefined == []


def test_templates_of_packages_may_read_what_is_undefined():
    with recorded() as undefined:
        render("{{ titel }}", folder="/packages/django/contrib/admin/templates")
    assert undefined == []
