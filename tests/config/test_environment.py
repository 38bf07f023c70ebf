"""The environment: .env.example documents every variable that is read, and bad values stop the start."""

import ast
import re

import pytest
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from config import environment

DOCUMENTED = re.compile(r"^#?([A-Z][A-Z0-9_]+)=", re.MULTILINE)
# Variables that no Python module of ours reads, with the file that does or sets it.
ELSEWHERE = {
    "HF_HOME": "Dockerfile",
    "POSTGRES_PASSWORD": "compose.yaml",
    "REDIS_PASSWORD": "compose.yaml",
}
# The entry points set it; another value starts another project.
NOT_FOR_OPERATORS = {"DJANGO_SETTINGS_MODULE"}
READERS = {"str", "get", "setdefault"} | {name for name in vars(environment) if name.startswith("read_")}


def documented():
    return DOCUMENTED.findall((settings.BASE_DIR / ".env.example").read_text())


def variables_read():
    """Every name that config reads by ``read_…("NAME")``, ``env.str("NAME")`` or ``os.environ``."""
    found = set()
    for path in (settings.BASE_DIR / "config").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and called_name(node) in READERS:
                found |= {text.value for text in node.args if is_variable(text)}
    return found - NOT_FOR_OPERATORS


def called_name(call):
    """``read_int`` for ``read_int(…)``; for a method only where it reads ``env`` or ``os.environ``."""
    if isinstance(call.func, ast.Name):
        return call.func.id
    owner = ast.unparse(call.func.value) if isinstance(call.func, ast.Attribute) else ""
    return call.func.attr if owner in {"env", "os.environ"} else ""


def is_variable(argument):
    return isinstance(argument, ast.Constant) and re.fullmatch(r"[A-Z][A-Z0-9_]+", str(argument.value))


def test_every_variable_that_is_read_is_documented_and_no_other():
    assert {"DEBUG", "WEB_THREADS", "WOOCOMMERCE_SECRET", "DEFAULT_CURRENCY"} <= variables_read()
    assert set(documented()) == variables_read() | set(ELSEWHERE)


def test_each_is_documented_once():
    assert len(documented()) == len(set(documented()))


@pytest.mark.parametrize(("name", "file"), ELSEWHERE.items())
def test_what_config_does_not_read_is_used_elsewhere(name, file):
    assert name in (settings.BASE_DIR / file).read_text()


@pytest.mark.parametrize("text", ["1", "true", "YES", " on "])
def test_a_switch_is_on(monkeypatch, text):
    monkeypatch.setenv("SWITCH", text)
    assert environment.read_bool("SWITCH", default=False) is True


@pytest.mark.parametrize("text", ["0", "False", "no", "off"])
def test_a_switch_is_off(monkeypatch, text):
    monkeypatch.setenv("SWITCH", text)
    assert environment.read_bool("SWITCH", default=True) is False


def test_an_empty_variable_is_an_unset_one(monkeypatch):
    monkeypatch.setenv("EMPTY", " ")
    assert environment.read_bool("EMPTY", default=True) is True
    assert environment.read_int("EMPTY", default=3, low=1, high=5) == 3
    assert environment.read_list("EMPTY", default=("a",)) == ["a"]
    assert environment.read_url("EMPTY", schemes=("https",)) == ""
    assert environment.read_choice("EMPTY", choices=("local", "milvus")) == "local"
    assert environment.read_rate("EMPTY", default="5/m") == "5/m"
    assert environment.read_together("EMPTY", "UNSET") == ("", "")


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("fasle", lambda: environment.read_bool("BAD", default=False)),
        ("three", lambda: environment.read_int("BAD", default=3, low=1, high=5)),
        ("6", lambda: environment.read_int("BAD", default=3, low=1, high=5)),
        ("ftp://host", lambda: environment.read_url("BAD", schemes=("https", "http"))),
        ("faiss", lambda: environment.read_choice("BAD", choices=("local", "milvus"))),
        ("https", lambda: environment.read_url("BAD", schemes=("https", "http"))),
        ("many/m", lambda: environment.read_rate("BAD", default="5/m")),
        ("5/week", lambda: environment.read_rate("BAD", default="5/m")),
        ("set", lambda: environment.read_together("BAD", "UNSET")),
        ("https://bucket", lambda: environment.read_bucket("BAD", needs="json")),
        ("s3:///prefix", lambda: environment.read_bucket("BAD", needs="json")),
        ("s3", lambda: environment.read_bucket("BAD", needs="json")),
        ("s3://bucket/./index", lambda: environment.read_bucket("BAD", needs="json")),
        ("s3://bucket/../other", lambda: environment.read_bucket("BAD", needs="json")),
        ("https://", lambda: environment.read_url("BAD", schemes=("https", "http"))),
        ("shop", lambda: environment.read_pairs("BAD")),
        ("shop=", lambda: environment.read_pairs("BAD")),
        ("shop=a.csv,shop=b.csv", lambda: environment.read_pairs("BAD")),
        ("shop=https://shop.example/feed?fields=id,title", lambda: environment.read_pairs("BAD")),
    ],
)
def test_a_value_that_is_not_understood_names_its_variable(monkeypatch, text, read):
    monkeypatch.setenv("BAD", text)
    with pytest.raises(ImproperlyConfigured, match="BAD"):
        read()


@pytest.mark.parametrize(
    "url", ["redis://:pa/ss@host:6379/0", "redis://:pa#ss@host:6379", "redis://:pa?ss@host", "redis://[host"]
)
def test_an_address_with_a_password_that_is_not_escaped_is_refused_without_a_word_of_it(monkeypatch, url):
    monkeypatch.setenv("BAD", url)
    with pytest.raises(ImproperlyConfigured, match=r"^BAD cannot be read\.") as caught:
        environment.read_url("BAD", schemes=("redis",))
    assert not {"pa", "ss", "host"} & set(re.findall(r"\w+", str(caught.value)))


def test_an_address_with_an_escaped_password_is_read(monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgres://ada:p%2Fa%23s%3Fs@host:5432/shop")
    database = environment.read_database(settings.DATA_DIR)
    assert (database["PASSWORD"], database["HOST"], database["NAME"]) == ("p/a#s?s", "host", "shop")


def test_a_database_on_several_hosts_or_in_memory_is_read(monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgres://ada:word@first:5432,second:5433/shop")
    database = environment.read_database(settings.DATA_DIR)
    assert (database["HOST"], database["PORT"]) == ("first,second", "5432,5433")
    monkeypatch.setenv("DATABASE_URL", "sqlite://:memory:")
    assert environment.read_database(settings.DATA_DIR)["NAME"] == ":memory:"


def test_a_database_has_a_name_or_a_service(monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgres://ada:word@host:5432")
    with pytest.raises(ImproperlyConfigured, match="DATABASE_URL names no database"):
        environment.read_database(settings.DATA_DIR)
    monkeypatch.setenv("DATABASE_URL", "postgres:///?service=shop")
    assert environment.read_database(settings.DATA_DIR)["OPTIONS"]["service"] == "shop"


def test_sources_are_read_by_name(monkeypatch):
    monkeypatch.setenv("PAIRS", "one=https://shop.example/feed?a=b%2Cc, two=feed.csv")
    assert environment.read_pairs("PAIRS") == {"one": "https://shop.example/feed?a=b%2Cc", "two": "feed.csv"}


@pytest.mark.parametrize("host", ["shop.example", ".shop.example", "localhost", "10.0.0.8", "[::1]", "a-1.b"])
def test_a_host_is_a_name_or_a_number(monkeypatch, host):
    monkeypatch.setenv("ALLOWED_HOSTS", host)
    assert environment.read_hosts(debug=False) == [host]


@pytest.mark.parametrize(
    "hosts", ["https://shop.example", "shop.example:8000", "shop.example www.shop.example", "shop.example/"]
)
def test_a_host_that_no_request_would_match_is_refused(monkeypatch, hosts):
    monkeypatch.setenv("ALLOWED_HOSTS", hosts)
    with pytest.raises(ImproperlyConfigured, match=r"ALLOWED_HOSTS: .* is no host name"):
        environment.read_hosts(debug=False)


def test_a_mail_server_needs_the_address_of_the_site(monkeypatch):
    monkeypatch.setenv("EMAIL_URL", "smtp+tls://user:word@mail.example:587")
    monkeypatch.setenv("SITE_URL", "")
    with pytest.raises(ImproperlyConfigured, match="SITE_URL"):
        environment.read_mail()
    monkeypatch.setenv("SITE_URL", "https://shop.example")
    assert environment.read_mail()["EMAIL_HOST"] == "mail.example"


def test_mails_on_the_console_need_none(monkeypatch):
    monkeypatch.setenv("EMAIL_URL", "")
    monkeypatch.setenv("SITE_URL", "")
    assert "console" in environment.read_mail()["EMAIL_BACKEND"]


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("", None),
        ("s3://bucket", ("bucket", "")),
        ("s3://my.bucket/shop/index/", ("my.bucket", "shop/index")),
    ],
)
def test_a_bucket_is_read_with_its_prefix(monkeypatch, text, read):
    monkeypatch.setenv("BUCKET", text)
    assert environment.read_bucket("BUCKET", needs="json") == read


def test_a_bucket_without_the_package_for_it_says_what_to_install(monkeypatch):
    monkeypatch.setenv("BUCKET", "s3://bucket")
    with pytest.raises(
        ImproperlyConfigured, match=r"BUCKET needs nowhere_found\. Run `pip install -r requirements-s3"
    ):
        environment.read_bucket("BUCKET", needs="nowhere_found")
