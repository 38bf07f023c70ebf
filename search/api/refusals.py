"""What the search refuses, as HTTP: each domain error has one status, and its message says what to do."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from rest_framework.exceptions import APIException, NotFound, UnsupportedMediaType, ValidationError

from catalog.pictures.decoding import InvalidImage
from search.engine import Busy, NotReady
from search.images import UnknownImage
from search.query import InvalidQuery


class Unavailable(APIException):
    """503 with Retry-After."""

    status_code = 503
    default_code = "unavailable"

    def __init__(self, detail: str, *, wait: int) -> None:
        super().__init__(detail)
        # DRF's exception handler turns this into Retry-After.
        self.wait = wait


class TooLarge(APIException):
    """413: more bytes or pixels than are read."""

    status_code = 413
    default_code = "too_large"


class NotAPicture(UnsupportedMediaType):
    """415 with our own words; DRF's would speak of the request's media type."""

    def __init__(self, detail: str) -> None:
        APIException.__init__(self, detail)


@contextmanager
def refusals() -> Iterator[None]:
    """Turn the domain's errors into the API's."""
    try:
        yield
    except InvalidQuery as error:
        raise ValidationError({error.field: [str(error)]}) from error
    except InvalidImage as error:
        raise _of_image(error) from error
    except UnknownImage as error:
        raise NotFound(str(error)) from error
    except NotReady as error:
        raise Unavailable(f"{error.reason} The shop's operator runs: {error.command}", wait=30) from error
    except Busy as error:
        raise Unavailable(str(error), wait=error.retry_after) from error


def _of_image(error: InvalidImage) -> APIException:
    if error.code == "type":
        return NotAPicture(str(error))
    if error.code == "size":
        return TooLarge(str(error))
    return ValidationError({"image": [str(error)]})
