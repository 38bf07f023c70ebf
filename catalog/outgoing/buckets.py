"""Clients of S3 whose calls end within a time, however slowly the server sends or takes; needs boto3."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from boto3.exceptions import Boto3Error
from botocore.awsrequest import (
    AWSHTTPConnection,
    AWSHTTPConnectionPool,
    AWSHTTPSConnection,
    AWSHTTPSConnectionPool,
)
from botocore.exceptions import BotoCoreError, ClientError
from botocore.parsers import ResponseParserError

from catalog.outgoing.patience import Patience, Patient

# Of one call with its repetitions, without the content of files.
CALL_SECONDS = 30.0
# Files get more time for their size: slower than this is a server that trickles.
LEAST_BYTES_PER_SECOND = 256 * 1024
TOO_SLOW = "too slow"


class NoAnswer(Exception):
    """The server is away, too slow, or what it says is no answer; the message says why in a word or two."""


class _HTTP(Patient, AWSHTTPConnection): ...  # type: ignore[misc]  # boto3 has no annotations


class _HTTPS(Patient, AWSHTTPSConnection): ...  # type: ignore[misc]


class _HTTPPool(AWSHTTPConnectionPool):  # type: ignore[misc]
    ConnectionCls = _HTTP


class _HTTPSPool(AWSHTTPSConnectionPool):  # type: ignore[misc]
    ConnectionCls = _HTTPS


def make_patient(client: Any) -> Any:
    """The client, with connections that ``answering`` may hang up."""
    # botocore has no public way to its connections: the timeouts of its Config are for each piece, and what
    # answers its event before-send must bring proxies, certificates and the errors that are tried again.
    session = client._endpoint.http_session
    session._pool_classes_by_scheme.update(http=_HTTPPool, https=_HTTPSPool)
    return client


@contextmanager
def answering(size: int = 0) -> Iterator[None]:
    """Calls of patient clients in this thread, together within the time for ``size`` bytes.

    Raises NoAnswer, or ClientError for a refusal.
    """
    patience = Patience(CALL_SECONDS + size / LEAST_BYTES_PER_SECOND)
    try:
        with patience:
            yield
    except (BotoCoreError, Boto3Error, ResponseParserError, ClientError) as error:
        # What was cut off may look like a refusal.
        if patience.is_over:
            raise NoAnswer(TOO_SLOW) from error
        if isinstance(error, ClientError):
            raise
        raise NoAnswer(type(error).__name__) from error
    if patience.is_over:
        raise NoAnswer(TOO_SLOW)
