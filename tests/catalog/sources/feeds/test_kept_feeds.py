"""A feed that was transferred is kept, and read again while its server calls it unchanged."""

import pytest
import responses

from catalog.sources.feeds.feed import FeedSource
from tests.factories import NOW

FEED = "https://shop.example/feeds/all.csv"
VERSION = {"ETag": '"v1"', "Last-Modified": "Mon, 04 May 2026"}
CONDITIONS = {"If-None-Match": '"v1"', "If-Modified-Since": "Mon, 04 May 2026"}
ROWS = "id,title\n1,Hat\n2,Cap\n"


def titles():
    return [product.title for product in FeedSource("demo", FEED, now=NOW).products()]


@pytest.fixture
def kept(settings, tmp_path):
    """The file of a feed whose server calls it unchanged where it is asked so, and sends it where not."""
    settings.DATA_DIR = tmp_path
    with responses.RequestsMock(assert_all_requests_are_fired=False) as shop:
        shop.get(FEED, body=ROWS, headers=VERSION)
        assert titles() == ["Hat", "Cap"]
        shop.reset()
        shop.get(FEED, status=304, match=[responses.matchers.header_matcher(CONDITIONS)])
        shop.get(FEED, body=ROWS.replace("Hat", "Hat sent again"), headers=VERSION)
        (file,) = (tmp_path / "feeds").glob("*.feed")
        yield file


def test_an_unchanged_feed_is_not_transferred_again(kept):
    assert titles() == ["Hat", "Cap"]


@pytest.mark.parametrize("damaged", [b"", b"id,title\n1,Hat\n", b"id,title\n1,Hat\n\0\0\0\0\0\0"])
def test_one_that_lost_bytes_here_is_transferred_again(kept, damaged):
    kept.write_bytes(damaged)
    assert titles() == ["Hat sent again", "Cap"]
