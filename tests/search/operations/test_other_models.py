"""Two releases with different weights on one catalogue: each searches its own index, until one is removed."""

import io
import shutil
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from catalog.models import RunState
from search import engine
from search.encoding.parallel import batches
from search.index import reindex as indexing
from search.index.store import IndexStore
from search.models import IndexRun, ProductEmbedding
from search.operations import runs
from search.operations.search_engine import published_index
from tests.factories import ProductFactory
from tests.search.shop import NOW, reindex

OLD, NEW = "f" * 64, "e" * 64


@pytest.fixture
def prepared(shop, colour_encoder):
    """The shop with a second index, of the next release; the old one is configured."""
    prepare(colour_encoder)
    return shop


def prepare(encoder):
    """What the next release does while this one serves; returns the report."""
    encoder.fingerprint = NEW
    report = indexing.reindex(encoder=encoder, store=engine.store(), now=NOW + timedelta(hours=1))
    encoder.fingerprint = OLD
    return report


def version_by(encoder, fingerprint):
    """The version that a release with this encoder searches."""
    encoder.fingerprint = fingerprint
    return engine.snapshot().index.manifest.version


def removed():
    said = io.StringIO()
    call_command("remove_other_models", stdout=said)
    return said.getvalue()


def test_preparing_changes_nothing_for_the_release_that_serves(shop, colour_encoder):
    before = engine.snapshot()
    assert prepare(colour_encoder).version
    engine.store().expire()
    assert engine.snapshot().index is before.index
    assert ProductEmbedding.objects.filter(fingerprint=OLD).count() == len(shop)


def test_each_release_searches_its_own_index_at_once_and_the_way_back_is_free(prepared, colour_encoder):
    old, new = version_by(colour_encoder, OLD), version_by(colour_encoder, NEW)
    assert old != new
    assert version_by(colour_encoder, OLD) == old
    report = reindex(colour_encoder)
    assert (report.embedded, report.version) == (0, None)


def test_a_product_that_comes_meanwhile_gets_into_both(prepared, colour_encoder):
    ProductFactory(title="Red bag", colour="Red", category="Bag")
    for fingerprint in (OLD, NEW):
        colour_encoder.fingerprint = fingerprint
        assert reindex(colour_encoder).embedded == 1
        assert engine.snapshot().index.manifest.count == len(prepared) + 1


def test_a_release_whose_index_was_not_prepared_says_so(shop, colour_encoder, client):
    colour_encoder.fingerprint = NEW
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert "was made by" in answer.json()["checks"]["index"]


def test_the_index_of_an_earlier_release_serves_and_is_continued_where_it_lies(
    shop, colour_encoder, settings
):
    (own,) = (settings.INDEX_ROOT / "models").iterdir()
    for path in list(own.iterdir()):
        shutil.move(path, settings.INDEX_ROOT)
    shutil.rmtree(settings.INDEX_ROOT / "models")
    engine.forget()
    before = engine.snapshot().index.manifest.version
    ProductFactory(title="Red bag", colour="Red", category="Bag")
    reindex(colour_encoder)
    assert engine.store().root == settings.INDEX_ROOT
    assert engine.snapshot().index.manifest.version > before


def test_the_doctor_names_the_other_index_and_what_deletes_it(prepared):
    other, own = published_index()
    assert "remove_other_models" in other.sentence
    assert "holds 60 products" in own.sentence
    assert (own.fix, other.fix) == ("", "")


def test_removing_deletes_index_and_vectors_of_other_models(prepared, colour_encoder, settings):
    colour_encoder.fingerprint = NEW
    engine.forget()
    said = removed()
    assert "The index of the model 'bundled' (60 products) is deleted" in said
    assert "Vectors of 60 products" in said
    assert [each.name for each in (settings.INDEX_ROOT / "models").iterdir()] == [NEW]
    assert set(ProductEmbedding.objects.values_list("fingerprint", flat=True)) == {NEW}
    assert engine.snapshot().index.manifest.count == 60
    assert removed() == ""


def test_what_a_process_serves_is_not_removed(prepared, colour_encoder):
    server = IndexStore(engine.store().root)
    served = server.current()
    colour_encoder.fingerprint = NEW
    engine.forget()
    assert "stays, because a process serves or builds it" in removed()
    assert served.folder.exists()
    assert ProductEmbedding.objects.filter(fingerprint=OLD).exists()
    del server
    assert "is deleted" in removed()


def test_nothing_is_removed_before_the_configured_model_has_an_index(shop, colour_encoder):
    colour_encoder.fingerprint = NEW
    with pytest.raises(CommandError, match="reindex"):
        removed()
    assert ProductEmbedding.objects.filter(fingerprint=OLD).count() == len(shop)


def test_removing_leaves_what_lies_beside_the_index_of_an_earlier_release(prepared, colour_encoder, settings):
    old = engine.store().root
    for path in list(old.iterdir()):
        shutil.move(path, settings.INDEX_ROOT)
    old.rmdir()
    colour_encoder.fingerprint = NEW
    engine.forget()
    assert "is deleted" in removed()
    assert [each.name for each in settings.INDEX_ROOT.iterdir()] == ["models"]
    assert engine.snapshot().index.manifest.count == 60


def test_a_killed_run_of_another_model_is_closed_by_the_next_one(shop, colour_encoder):
    began = timezone.now() - timedelta(hours=3)
    killed = IndexRun.objects.create(
        state=RunState.RUNNING, fingerprint=OLD, started_at=began, asked_at=began
    )
    colour_encoder.fingerprint = NEW
    runs.carry_out()
    killed.refresh_from_db()
    assert (killed.state, killed.message) == (RunState.STOPPED, "It was killed.")


def test_a_run_knows_of_another_models_batches(shop):
    first = batches.prepare(OLD, [1, 2], NOW)
    assert batches.is_alone(first)
    assert not batches.is_alone(batches.prepare(NEW, [1, 2], NOW))
