"""``manage.py seed_demo`` on a small shop, with a stand-in encoder."""

import io
import os
import re
from datetime import timedelta

import pytest
from django.contrib.auth import get_user_model
from django.core.management import CommandError, call_command
from django.utils import timezone

from accounts.models import Favorite
from analytics.models import (
    ProductClick,
    SearchLog,
)
from catalog.models import Product
from demo import seeding
from demo.seeding import SHOPPER, STAFF
from tests.demo.seeded import SIZE, seed
from tests.factories import NOW, ProductFactory

# Each test fills a shop and makes up its visits.
pytestmark = pytest.mark.slow


def passwords(output):
    return dict(re.findall(r"(\S+@\S+)  password: (\S+)", output))


def test_it_makes_a_shop_people_and_visits(place):
    seed()
    assert Product.objects.active().filter(source="demo").count() == SIZE
    assert Favorite.objects.filter(user__email=SHOPPER).exists()
    assert SearchLog.objects.filter(is_demo=True).count() > 60
    assert ProductClick.objects.exists()


def test_the_staff_password_is_printed_once_and_opens_the_admin(place, client):
    printed = passwords(seed())
    staff = get_user_model().objects.get(email=STAFF)
    assert staff.is_staff
    assert staff.check_password(printed[STAFF])
    assert printed[STAFF] != printed[SHOPPER]
    again = seed()
    assert passwords(again) == {}
    assert f"changepassword {STAFF}" in again


def test_a_second_run_changes_nothing(place):
    seed()
    before = [
        model.objects.count() for model in (Product, SearchLog, ProductClick, Favorite, get_user_model())
    ]
    output = seed()
    after = [
        model.objects.count() for model in (Product, SearchLog, ProductClick, Favorite, get_user_model())
    ]
    assert after == before
    assert f"{SIZE} unchanged" in output
    assert "Nothing changed" in output


def test_a_run_that_stopped_half_way_is_finished_by_the_next(place, monkeypatch):
    def stopped(*args, **kwargs):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("demo.visits.make_visits", stopped)
        with pytest.raises(SystemExit) as exit_:
            seed()
    assert exit_.value.code == 130
    assert not get_user_model().objects.filter(email=STAFF).exists()
    output = seed("--if-empty")
    assert STAFF in passwords(output)


def test_if_empty_leaves_a_shop_of_ones_own_alone(place):
    ProductFactory(source="shop")
    assert "The shop is ready" in seed("--if-empty")
    assert not Product.objects.filter(source="demo").exists()


def test_if_empty_is_quick_where_the_demo_is_done(place, monkeypatch):
    seed()
    monkeypatch.setattr("demo.seeding.render_catalogue", None)
    assert "The shop is ready" in seed("--if-empty")


def test_if_empty_indexes_anew_when_the_model_was_replaced(place, monkeypatch, tmp_path):
    seed()
    model = tmp_path / "model"
    model.mkdir()
    monkeypatch.setattr("demo.seeding.BUNDLED_ENCODER", model)
    assert "index" not in seed("--if-empty")
    (model / "weights").touch()
    later = timezone.now().timestamp() + 60
    os.utime(model / "weights", (later, later))
    assert "products embedded" in seed("--if-empty")


def test_a_smaller_demo_leaves_the_rest_inactive(place):
    seed()
    seed(size=2)
    assert Product.objects.active().count() == 2


def test_reset_takes_the_demo_away_and_makes_it_anew(place, settings):
    settings.DEBUG = True
    ProductFactory(source="shop", external_id="1")
    old = passwords(seed())
    new = passwords(seed("--reset"))
    assert new[STAFF] != old[STAFF]
    assert Product.objects.filter(source="shop").count() == 1
    assert Product.objects.filter(source="demo").count() == SIZE


def test_the_demo_can_be_taken_out_of_a_shop(place, settings):
    settings.DEBUG = True
    ProductFactory(source="shop", external_id="1")
    seed()
    assert "Removed" in seed("--remove")
    assert Product.objects.get().source == "shop"


def test_a_removal_that_was_stopped_says_how_to_go_on(place, settings, monkeypatch):
    settings.DEBUG = True
    seed()

    def stopped(*args, **kwargs):
        raise KeyboardInterrupt

    err = io.StringIO()
    with monkeypatch.context() as patch:
        patch.setattr("demo.seeding.Product.objects.next_generation", stopped)
        with pytest.raises(SystemExit) as exit_:
            call_command("seed_demo", "--remove", stdout=io.StringIO(), stderr=err)
    assert exit_.value.code == 130
    assert err.getvalue() == "Stopped. Some of the demo is left; the next seed_demo --remove removes it.\n"
    seed("--remove")
    assert not (settings.DATA_DIR / "demo").exists()


def test_what_the_demos_people_did_themselves_goes_with_them(place, settings):
    settings.DEBUG = True
    seed()
    staff = get_user_model().objects.get(email=STAFF)
    SearchLog.objects.create(
        user=staff, query_type="text", query_text="my words", timestamp=NOW, took_ms=1.0, results_count=1
    )
    seed("--remove")
    assert list(SearchLog.objects.values_list("query_text", flat=True)) == [""]


def test_a_reset_is_a_new_generation_of_what_is_left(db, settings, tmp_path):
    settings.DATA_DIR = tmp_path
    ProductFactory(source="demo", external_id="1")
    left = ProductFactory(source="shop", external_id="1")
    Product.objects.filter(pk=left.pk).update(updated_at=NOW + timedelta(hours=1))
    before = Product.objects.generation()
    seeding.reset(now=NOW)
    assert Product.objects.generation() > before
    assert Product.objects.get() == left


def test_reset_needs_yes_where_debug_is_off(place):
    seed()
    with pytest.raises(CommandError, match="add --yes"):
        seed("--reset")
    assert Product.objects.count() == SIZE
    assert "Removed" in seed("--reset", "--yes")


@pytest.mark.parametrize("size", [0, 100_001])
def test_it_refuses_a_size_it_cannot_fill(place, size):
    with pytest.raises(CommandError, match="1 to 100,000"):
        seed(size=size)
