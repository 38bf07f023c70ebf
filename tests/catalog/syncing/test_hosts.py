"""Pictures on hosts that hang, fail or are back: none of them holds up the others or the prices."""

import socket
import threading
from contextlib import contextmanager
from datetime import timedelta
from decimal import Decimal
from types import SimpleNamespace

import pytest

from catalog.models import PictureHost, Product, ProductImage
from catalog.sources.base import SourceError, SourceProduct
from catalog.syncing import hosts
from catalog.syncing.sync import sync
from tests.catalog.fakes.memory_shop import MemoryShop
from tests.factories import NOW, picture_bytes

pytestmark = pytest.mark.django_db
SOON = NOW + timedelta(minutes=5)
LATER = NOW + timedelta(days=1)


class FailingHost(MemoryShop):
    """Pictures of "bad.example" fail; any other is there."""

    def __init__(self, *rows):
        super().__init__(*rows)
        self.is_bad = True

    def image(self, address):
        self.fetched.append(address)
        if self.is_bad and "bad.example" in address:
            raise SourceError("The server did not answer: ReadTimeout.", permanent=False)
        return picture_bytes()


def coats(count, host):
    return [
        SourceProduct(
            f"{host}{n}", f"Coat {n}", price=Decimal(10), images=(f"https://{host}/{n}.jpg",), line=n
        )
        for n in range(count)
    ]


@pytest.fixture(autouse=True)
def one_at_a_time(monkeypatch):
    """So that the number of requests is sure."""
    monkeypatch.setattr(hosts, "AT_ONCE", 1)


def test_a_host_that_fails_a_few_times_is_left_alone_and_the_others_are_not():
    shop = FailingHost(*coats(20, "bad.example"), *coats(5, "good.example"))
    report = sync(shop, now=NOW)
    assert (report.created, report.pictures, report.picture_problems, report.pictures_left) == (25, 5, 3, 17)
    assert sum("bad.example" in address for address in shop.fetched) == 3
    assert PictureHost.objects.get().host == "bad.example"
    assert Product.objects.filter(price=10).count() == 25


def test_after_a_first_failure_nothing_more_is_asked_of_a_host_that_still_owes_its_first_answers(monkeypatch):
    monkeypatch.setattr(hosts, "AT_ONCE", 4)
    tried, another = [], threading.Event()

    def work(address, seconds):
        tried.append(address)
        if len(tried) > 4:
            another.set()
        elif address != addresses[0]:
            another.wait(0.2)  # still unanswered when the first has failed
        return SimpleNamespace(problem="It did not answer.", permanent=False)

    addresses = [f"https://bad.example/{number}.jpg" for number in range(9)]
    with hosts.Hosts(now=NOW) as known:
        known.map(addresses, work)
    assert len(tried) == 4


def test_the_next_run_does_not_ask_it():
    shop = FailingHost(*coats(20, "bad.example"))
    sync(shop, now=NOW)
    shop.fetched.clear()
    report = sync(shop, now=SOON)
    assert (shop.fetched, report.pictures_left) == ([], 17)


def test_after_its_pause_one_request_shows_that_it_is_still_away():
    shop = FailingHost(*coats(20, "bad.example"))
    sync(shop, now=NOW)
    before = PictureHost.objects.get().paused_until
    shop.fetched.clear()
    sync(shop, now=LATER)
    assert len(shop.fetched) == 1
    assert PictureHost.objects.get().paused_until - LATER > before - NOW


def test_a_host_that_is_back_serves_all_of_its_pictures():
    shop = FailingHost(*coats(20, "bad.example"))
    sync(shop, now=NOW)
    shop.is_bad = False
    assert sync(shop, now=LATER).pictures == 20
    assert not PictureHost.objects.exists()
    assert not ProductImage.objects.exclude(problem="").exists()


def test_pictures_that_are_not_there_are_not_their_hosts_fault():
    shop = MemoryShop(*coats(9, "good.example"))
    assert sync(shop, now=NOW).picture_problems == 9
    assert not PictureHost.objects.exists()


def test_what_a_picture_raises_unforeseen_reaches_the_caller():
    shop = FailingHost(*coats(1, "good.example"))
    shop.image = lambda address: 1 / 0
    with pytest.raises(ZeroDivisionError):
        sync(shop, now=NOW)
    assert Product.objects.count() == 1


@contextmanager
def silent_server():
    """(port that accepts connections and never answers, those connections)."""
    with socket.create_server(("127.0.0.1", 0), backlog=64) as server:
        held = []

        def accept():
            while True:
                try:
                    held.append(server.accept()[0])
                except OSError:
                    return

        threading.Thread(target=accept, daemon=True).start()
        yield server.getsockname()[1], held
        for connection in held:
            connection.close()
        server.shutdown(socket.SHUT_RDWR)


@pytest.mark.slow
def test_a_host_that_never_answers_is_asked_once_at_the_same_time_and_not_by_the_next_run(
    settings, tmp_path, monkeypatch
):
    monkeypatch.undo()
    from catalog.sources.feeds.feed import FeedSource

    settings.ALLOW_PRIVATE_FEEDS = True
    with silent_server() as (port, asked):
        rows = [f"{n},Coat {n},10.00,http://127.0.0.1:{port}/{n}.jpg\n" for n in range(24)]
        (tmp_path / "feed.csv").write_text("id,title,price,image_link\n" + "".join(rows))
        source = FeedSource("demo", str(tmp_path / "feed.csv"), now=NOW)
        assert sync(source, now=NOW).created == 24
        # All of them hang together, so that the run waits for one time-out in all.
        assert len(asked) == hosts.AT_ONCE
        sync(source, now=SOON)
        assert len(asked) == hosts.AT_ONCE
