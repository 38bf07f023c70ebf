"""A crawl through the sync and through its command."""

import os
import re
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from catalog import tasks
from catalog.models import Product
from catalog.syncing.sync import sync
from tests.catalog.fakes.fake_woocommerce import KEY, SECRET, image, product, variable, variation
from tests.factories import NOW

PROJECT = Path(__file__).resolve().parents[5]


# --- Through the sync --------------------------------------------------------------------------


@pytest.mark.django_db
def test_what_vanished_is_deactivated_by_a_whole_crawl_alone(shop, source):
    shop.products = [product(number) for number in range(1, 11)]
    assert sync(source, now=NOW).created == 10
    del shop.products[3]
    assert sync(source, now=NOW, since=NOW).deactivated == 0
    assert sync(source, now=NOW).deactivated == 1
    assert not Product.objects.get(product_id="woocommerce-4").is_active


def active():
    return set(Product.objects.active().values_list("external_id", flat=True))


@pytest.mark.django_db
def test_a_colour_that_was_renamed_is_replaced_after_since(shop, source):
    def tee(number, *colours):
        variations = [variation(number * 10 + n, [("Color", name)]) for n, name in enumerate(colours)]
        return variable(number, variations, shop)

    shop.products = [tee(7, "navy", "Red"), tee(70, "navy"), product(8)]
    sync(source, now=NOW)
    shop.products = [tee(7, "Midnight", "Red")]
    report = sync(source, now=NOW, since=NOW.replace(year=2020))
    assert active() == {"7-midnight", "7-red", "70-navy", "8"}
    assert (report.created, report.deactivated) == (1, 1)


@pytest.mark.django_db
def test_a_colour_that_is_refused_after_since_stays(shop, source):
    colours = [variation(71, [("Color", "navy")]), variation(72, [("Color", "Red")])]
    shop.products = [variable(7, colours, shop)]
    sync(source, now=NOW)
    colours[0]["price"] = "free"
    sync(source, now=NOW, since=NOW.replace(year=2020))
    assert active() == {"7-navy", "7-red"}


@pytest.mark.django_db
def test_a_limit_after_since_takes_nothing_out(shop, source):
    shop.products = [
        variable(7, [variation(71, [("Color", "navy")]), variation(72, [("Color", "Red")])], shop)
    ]
    sync(source, now=NOW)
    assert sync(source, now=NOW, since=NOW.replace(year=2020), limit=1).deactivated == 0
    assert active() == {"7-navy", "7-red"}


@pytest.mark.django_db
def test_an_error_in_the_middle_keeps_what_came_before_and_deactivates_nothing(shop, source):
    shop.products = [product(number) for number in range(1, 251)]
    sync(source, now=NOW)
    shop.requests.clear()
    shop.products = [product(number, name=f"Renamed {number}") for number in range(1, 201)]
    shop.before[4] = lambda: shop.instead.extend([(500, {}, "")] * 10)
    report = sync(source, now=NOW)
    assert (report.problem, report.permanent) == ("WooCommerce answered 500.", False)
    assert (report.updated, report.deactivated) == (100, 0)


@pytest.mark.django_db
def test_a_picture_on_a_private_address_is_refused_though_the_shop_may_have_one(shop, source):
    shop.products = [product(7, images=[image(f"{shop.address}/7.jpg")])]
    report = sync(source, now=NOW)
    assert (report.created, report.picture_problems) == (1, 1)
    assert "not a public one" in Product.objects.get().images.get().problem


# --- The command -------------------------------------------------------------------------------


@pytest.fixture
def known(shop, settings):
    settings.CATALOGUE_SOURCES = {}
    settings.WOOCOMMERCE_URL, settings.WOOCOMMERCE_KEY, settings.WOOCOMMERCE_SECRET = (
        shop.address,
        KEY,
        SECRET,
    )
    return shop


@pytest.mark.django_db
def test_the_command_syncs_the_shop_by_name_or_with_all_sources(known, capsys):
    known.products = [product(7), product(8, name=""), product(9, date_modified_gmt="2026-05-04T12:30:00")]
    call_command("sync", "--source", "woocommerce")
    output = capsys.readouterr()
    assert "woocommerce: 3 seen, 2 changed (2 new, 0 updated, 0 deactivated)" in output.out
    assert output.err.startswith("woocommerce: rejected line 2 (8): the title is missing\n")
    call_command("sync", "--full")
    assert "woocommerce: 3 seen, 0 changed" in capsys.readouterr().out
    call_command("sync", "--source", "woocommerce", "--since", "2026-05-04T12:00")
    assert "woocommerce: 1 seen, 0 changed" in capsys.readouterr().out


@pytest.mark.django_db
def test_the_hourly_task_syncs_the_shop(known):
    known.products = [product(7)]
    tasks.sync()
    assert Product.objects.get().product_id == "woocommerce-7"


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (
            ["--source", "shopify"],
            "SHOPIFY_SHOP and the keys that go with it are not set. docs/shops.md says",
        ),
        (["--source", "woocommerce"], "WOOCOMMERCE_URL, WOOCOMMERCE_KEY and WOOCOMMERCE_SECRET are not set."),
    ],
)
def test_what_is_missing_is_one_clear_sentence(arguments, sentence):
    with pytest.raises(CommandError, match=re.escape(sentence)):
        call_command("sync", *arguments)


@pytest.mark.usefixtures("known")
def test_a_feed_cannot_take_the_name_of_a_shop_that_is_set():
    with pytest.raises(CommandError, match="'woocommerce' is the name of a shop's API"):
        call_command("sync", "--source", "woocommerce", "--file", "feed.csv")


def test_a_task_for_a_shop_that_is_no_longer_set_says_so(caplog):
    tasks.sync("shopify")
    assert "The settings know no source shopify any more." in caplog.text


@pytest.mark.slow
def test_a_killed_sync_is_completed_by_the_next(shop, tmp_path):
    shop.products = [product(number) for number in range(1, 1201)]
    environment = {
        **os.environ,
        "DATA_DIR": str(tmp_path / "var"),
        "DATABASE_URL": "",
        "ALLOW_PRIVATE_FEEDS": "on",
        "WOOCOMMERCE_URL": shop.address,
        "WOOCOMMERCE_KEY": KEY,
        "WOOCOMMERCE_SECRET": SECRET,
    }

    def manage(*arguments):
        return subprocess.Popen(  # noqa: S603 - our own command
            [sys.executable, "manage.py", *arguments],
            cwd=PROJECT,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def written():
        with closing(sqlite3.connect(tmp_path / "var" / "db.sqlite3")) as database:
            return database.execute("SELECT count(*) FROM products").fetchone()[0]

    manage("migrate", "-v0", "--skip-checks").communicate(timeout=120)
    # The shop falls silent in the middle, so that the kill finds the crawl there.
    shop.before[10] = lambda: time.sleep(30)
    killed = manage("sync", "--source", "woocommerce")
    deadline = time.monotonic() + 60
    while written() == 0 and time.monotonic() < deadline:
        time.sleep(0.05)
    killed.send_signal(signal.SIGKILL)
    killed.communicate(timeout=60)
    before = written()
    assert 0 < before < 1200
    completed = manage("sync", "--source", "woocommerce")
    output, problems = completed.communicate(timeout=120)
    assert completed.returncode == 0, problems
    assert f"{1200 - before:,} new" in output
    assert f"{before:,} unchanged" in output
    assert SECRET not in output + problems


def test_the_doctor_learns_how_many_products_are_published(shop, source):
    shop.products = [product(7), product(8), product(9, status="draft")]
    assert source.check(now=NOW) == "2 published products."
