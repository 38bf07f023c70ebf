import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from catalog import tasks
from catalog.models import Product, SavedOptions
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
        (["--url", "ftp://shop.example/feed.csv"], "--url takes an address that begins with http://"),
        (["--source", "shopify", "--file", "x"], "'shopify' is the name of a shop's API"),
        (["--file", "x", "--limit", "0"], "'0' is not a whole number from 1 up"),
        (["--file", "x", "--limit", "9" * 30], "is not a whole number from 1 up"),
        (["--file", "x", "--save", "--dry-run"], "--save keeps the reading of one source"),
        (["--save", "--decimal", ","], "--save keeps the reading of one source"),
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


class TestReading:
    @pytest.fixture
    def odd(self, feed):
        feed.write_text("ref,label,cost\n1,Hat,1.234\n")
        return feed

    MAPPING = ("--map", "label=title", "--map", "cost=price", "--decimal", ",", "--currency", "sek")

    def test_options_of_the_command_read_a_feed(self, odd, capsys):
        run(capsys, "--file", odd, *self.MAPPING)
        product = Product.objects.get()
        assert (product.title, product.price, product.currency) == ("Hat", 1234, "SEK")

    def test_they_can_be_kept_for_the_next_syncs(self, odd, capsys):
        run(capsys, "--file", odd, *self.MAPPING, "--save")
        assert "1 unchanged" in run(capsys, "--file", odd).out
        assert SavedOptions.objects.get().columns == {"label": "title", "cost": "price"}

    def test_what_read_nothing_well_is_not_kept(self, odd):
        with pytest.raises(CommandError):
            call_command("sync", "--file", str(odd), "--map", "label=brand", "--save")
        assert not SavedOptions.objects.exists()

    def test_a_mapping_of_a_column_that_is_not_there_is_said(self, odd, capsys):
        assert "no column prise" in run(capsys, "--file", odd, *self.MAPPING, "--map", "prise=price").err

    def test_a_language_kept_from_the_command_is_the_one_that_is_stored(self, feed, capsys):
        feed.write_text("id,title,title_de\n1,Dress,Kleid\n")
        run(capsys, "--file", feed, "--language", "DE", "--save")
        run(capsys, "--file", feed)
        assert Product.objects.get().title == "Kleid"

    def test_a_file_of_the_settings_says_the_same(self, odd, capsys, settings, tmp_path):
        settings.FEED_OPTIONS = str(tmp_path / "options.toml")
        (tmp_path / "options.toml").write_text(
            '[shop]\ndecimal = ","\nlanguage = "de"\n[shop.columns]\nlabel = "title"\ncost = "price"\n'
        )
        odd.write_text("ref,label,cost,brand_en,brand_de\n1,Hat,1.234,Fern,Farn\n")
        run(capsys, "--file", odd)
        assert (Product.objects.get().price, Product.objects.get().brand) == (1234, "Farn")

    @pytest.mark.parametrize(
        ("arguments", "sentence"),
        [
            (["--map", "cost=prize"], "'prize' is not a field; the fields are id, title"),
            (["--encoding", "utf-88"], "'utf-88' is not an encoding"),
            (["--currency", "DOLLAR"], "'DOLLAR' is no currency's ISO code"),
            (["--media", "pictures"], "'pictures' is not an address"),
            (["--language", "german"], "'german' is not the code of a language; the codes are"),
        ],
    )
    def test_what_cannot_be_is_refused(self, odd, arguments, sentence):
        with pytest.raises(CommandError, match=sentence):
            call_command("sync", "--file", str(odd), *arguments)

    def test_saved_options_that_cannot_be_fail_the_run_with_a_sentence(self, odd):
        SavedOptions.objects.create(source="shop", columns={"cost": "prize"})
        with pytest.raises(CommandError, match="shop: 'prize' is not a field"):
            call_command("sync", "--file", str(odd))

    def test_staff_may_save_them_in_the_admin(self, admin_client):
        address = reverse("admin:catalog_savedoptions_add")
        form = {"source": "shop", "columns": '{"cost": "prize"}', "decimal": ","}
        assert "is not a field" in admin_client.post(address, form).content.decode()
        assert admin_client.post(address, {**form, "columns": '{"cost": "price"}'}).status_code == 302
        assert SavedOptions.objects.get().options().columns == {"cost": "price"}


def test_an_xml_of_another_shape_exits_with_1_and_a_sentence(feed):
    feed.write_text("<products><product><id>1</id></product></products>")
    with pytest.raises(CommandError, match="shop: The feed's XML has no <item>"):
        call_command("sync", "--file", str(feed))


def test_failed_pictures_are_tried_at_once_when_the_command_says_so(feed, capsys):
    (feed.parent / "1.png").unlink()
    assert "1 unreadable" in run(capsys, "--file", feed).out
    assert "0 unreadable" in run(capsys, "--file", feed).out
    assert "1 unreadable" in run(capsys, "--file", feed, "--retry-pictures").out
