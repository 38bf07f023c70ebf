import pytest
from django.core.management import CommandError, call_command

from catalog import tasks
from catalog.models import Product
from tests.catalog.locks import held_elsewhere
from tests.factories import picture_bytes

pytestmark = pytest.mark.django_db


@pytest.fixture
def feed(settings, tmp_path):
    settings.DATA_DIR = tmp_path / "var"
    settings.MEDIA_ROOT = settings.DATA_DIR / "media"
    (tmp_path / "1.png").write_bytes(picture_bytes())
    path = tmp_path / "feed.csv"
    path.write_text("id,title,image\n1,Hat,1.png\n2,,\n3,Cap,\n")
    return path


def run(capsys, *arguments):
    call_command("sync", *map(str, arguments))
    return capsys.readouterr()


def test_it_ends_with_one_line_and_names_the_rows_it_rejected(feed, capsys):
    output = run(capsys, "--file", feed)
    assert output.out.startswith(
        "shop: 3 seen, 2 changed (2 new, 0 updated, 0 deactivated), 0 unchanged, 1 rejected; "
    )
    assert output.out.count("\n") == 1
    assert output.err.splitlines() == [
        "shop: rejected line 3 (2): the title is missing",
        "shop: Read as: product feed, 3 rows.",
        "shop: Of 2 products, these lack a field: 2 price, 1 picture, 2 colour, 2 category.",
    ]
    assert set(Product.objects.values_list("product_id", flat=True)) == {"shop-1", "shop-3"}


def test_a_second_run_changes_nothing(feed, capsys):
    run(capsys, "--source", "demo", "--file", feed)
    assert "demo: 3 seen, 0 changed" in run(capsys, "--source", "demo", "--file", feed).out


def test_it_syncs_every_source_of_the_settings_or_the_one_named(feed, capsys, settings):
    settings.CATALOGUE_SOURCES = {"one": str(feed), "two": str(feed)}
    assert "two: 3 seen" in run(capsys, "--source", "two").out
    output = run(capsys).out
    assert "one: 3 seen, 2 changed" in output
    assert "two: 3 seen, 0 changed" in output


def test_dry_run_writes_nothing(feed, capsys):
    assert "2 would be changed" in run(capsys, "--file", feed, "--dry-run").out
    assert Product.objects.count() == 0


def test_limit_stops_early(feed, capsys):
    assert "1 seen" in run(capsys, "--file", feed, "--limit", "1").out


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ([], "There is no source. Give --file or --url, or set CATALOGUE_SOURCES."),
        (["--source", "nobody"], "CATALOGUE_SOURCES names no 'nobody'. Add it, or give --file or --url."),
        (["--source", "Bad Name", "--file", "x"], "A source's name has 1 to 40 lower-case letters"),
        (["--file", "/nowhere/feed.csv"], "shop: The feed /nowhere/feed.csv cannot be read: No such file"),
        (["--url", "http://127.0.0.1/feed.csv"], "shop: The address is not a public one"),
        (["--file", "x", "--limit", "0"], "'0' is not a whole number from 1 up"),
        (["--file", "x", "--since", "yesterday"], "'yesterday' is not a time like"),
    ],
)
def test_a_failure_is_one_clear_sentence(feed, settings, arguments, sentence):
    settings.CATALOGUE_SOURCES = {}
    with pytest.raises(CommandError) as caught:
        call_command("sync", *arguments)
    assert sentence in str(caught.value)
    assert caught.value.returncode == 1


def test_a_refused_deactivation_exits_with_1_and_says_how_to_go_on(feed, capsys):
    feed.write_text("id,title\n1,Hat\n3,Cap\n4,Scarf\n")
    run(capsys, "--file", feed)
    feed.write_text("id,title\n1,Hat\n")
    with pytest.raises(CommandError, match="run again with --force"):
        run(capsys, "--file", feed)
    assert "2 deactivated" in run(capsys, "--file", feed, "--force").out


def test_the_second_of_two_says_who_holds_the_lock(feed):
    with (
        held_elsewhere("sync of shop"),
        pytest.raises(CommandError, match=r"A sync of shop is already running: process \d+ on "),
    ):
        call_command("sync", "--file", str(feed))


def test_ctrl_c_exits_with_130(feed, monkeypatch, capsys):
    def interrupt(*args, **options):
        raise KeyboardInterrupt

    monkeypatch.setattr("catalog.management.commands.sync.sync", interrupt)
    with pytest.raises(SystemExit) as caught:
        call_command("sync", "--file", str(feed))
    assert caught.value.code == 130
    assert "the work so far is kept" in capsys.readouterr().err


def test_the_task_syncs_every_source(feed, settings):
    settings.CATALOGUE_SOURCES = {"one": str(feed), "two": str(feed)}
    tasks.sync()
    assert Product.objects.filter(source="one").count() == Product.objects.filter(source="two").count() == 2


def test_a_task_beside_a_running_sync_leaves_it_alone(feed, settings):
    settings.CATALOGUE_SOURCES = {"one": str(feed)}
    with held_elsewhere("sync of one"):
        tasks.sync("one")
    assert Product.objects.count() == 0
