"""The connection to the Milvus server of the settings; whatever it refuses is raised as NotReady."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from search.index.engines.not_ready import NotReady

logger = logging.getLogger(__name__)

# What a search waits for an answer; what it, or a start, waits for thousands of vectors (0.3 s on an idle
# server); and what a build waits for each of its steps.
ANSWER_SECONDS, READ_SECONDS, BUILD_SECONDS = 2.0, 10.0, 1800.0
DOCTOR = "manage.py doctor"


@contextmanager
def milvus() -> Iterator[Any]:
    """The client, within which everything that the server or the network refuses becomes NotReady."""
    try:
        from grpc import RpcError
        from pymilvus.exceptions import MilvusException
    except ImportError as error:
        raise NotReady(
            _("The search's vectors lie in Milvus, but its client is not installed."),
            "pip install -r requirements-milvus.txt",
        ) from error
    try:
        yield _client(settings.MILVUS_ADDRESS, settings.MILVUS_TOKEN)
    except (MilvusException, RpcError) as error:
        logger.warning("milvus_failed", extra={"reason": str(error)})
        raise NotReady(_("The search's vectors lie in Milvus, which does not answer."), DOCTOR) from error


@cache
def _client(address: str, token: str) -> Any:
    """One connection per process, made on first use and so after a fork; an exception is not cached."""
    from pymilvus import MilvusClient

    # It logs each refusal with its traceback; ours is one line.
    logging.getLogger("pymilvus").setLevel(logging.CRITICAL)
    return MilvusClient(uri=address, token=token, timeout=ANSWER_SECONDS)


def server_version() -> str:
    """Raises NotReady."""
    with milvus() as client:
        return str(client.get_server_version(timeout=ANSWER_SECONDS))
