"""The handlers that pytest attaches to loggers for each test."""

import logging

import pytest

from tests.log_handlers import LIBRARIES


@pytest.fixture(params=["tandem.apart", f"{LIBRARIES[0]}.apart"])
def apart(request):
    logger = logging.getLogger(request.param)
    logger.propagate = False
    yield logger
    logger.propagate = True


def test_what_a_logger_says_that_does_not_propagate_is_captured_except_of_the_libraries(apart, caplog):
    apart.warning("heard")
    assert ("heard" in caplog.messages) is (apart.name == "tandem.apart")


def test_what_propagates_is_captured_once(caplog):
    logging.getLogger("tandem.common").warning("heard")
    logging.getLogger(f"{LIBRARIES[1]}_like.common").warning("heard too")
    assert caplog.messages == ["heard", "heard too"]
