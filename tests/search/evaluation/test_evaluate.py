"""``manage.py evaluate`` on a small indexed shop and on a labelled file."""

import io
import json

import pytest
from django.core.management import CommandError, call_command

from search import engine
from tests.search.shop import COLOURS, KINDS, picture


def command(*arguments):
    out = io.StringIO()
    call_command("evaluate", *arguments, stdout=out)
    return out.getvalue()


def test_it_measures_the_synced_catalogue_exactly_and_by_the_index(shop):
    found = json.loads(command("--json", "--queries", "20"))
    assert found["products"] == len(shop)
    measures = found["measures"]
    assert measures["title → picture"]["queries"] == 20
    # The stand-in encoder reads kinds and colours without fail, and a flat index is exact.
    assert measures["type → product (exact)"]["precision@10"] == 1.0
    assert measures["type → product (index)"] == measures["type → product (exact)"]
    assert measures["colour → product (index)"]["precision@10"] == 1.0


def test_it_prints_a_table_that_ends_in_one_line(shop):
    lines = command("--queries", "5").splitlines()
    assert lines[0].startswith("title → picture")
    assert lines[-1].endswith(f"on {len(shop)} products, model bundled.")


def test_it_measures_a_labelled_file(colour_encoder, tmp_path):
    rows = ["title,image,article_type,colour"]
    for colour in COLOURS:
        (tmp_path / f"{colour}.jpg").write_bytes(picture(colour))
        rows += [f"{colour} {kind} {n},{colour}.jpg,{kind},{colour}" for kind in KINDS for n in range(10)]
    (tmp_path / "products.csv").write_text("\n".join([*rows, "lost,lost.jpg,bag,red"]))
    found = json.loads(command("--json", "--file", str(tmp_path / "products.csv")))
    assert found["products"] == 120
    assert found["measures"]["colour → product (exact)"]["precision@10"] == 1.0
    assert "colour → product (index)" not in found["measures"]


def test_a_file_without_titles_is_refused(colour_encoder, tmp_path):
    (tmp_path / "products.csv").write_text("name,picture\na,b\n")
    with pytest.raises(CommandError, match="needs the columns title and image"):
        command("--file", str(tmp_path / "products.csv"))


def test_an_index_of_another_encoder_is_refused(shop, monkeypatch):
    monkeypatch.setattr(type(engine.encoder()), "fingerprint", "e" * 64)
    with pytest.raises(CommandError, match="another model"):
        command()


@pytest.mark.django_db
def test_without_an_index_it_names_the_command(colour_encoder):
    with pytest.raises(CommandError, match="reindex"):
        command()


def test_a_sample_of_nothing_is_refused():
    with pytest.raises(CommandError, match="at least 1"):
        command("--queries", "0")
