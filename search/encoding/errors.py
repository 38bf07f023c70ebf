"""The one error of an encoder that cannot be used."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class EncoderError(Exception):
    """The model cannot be used, or could not encode an input; the message tells the operator what to do.

    The message names no path, as visitors may read it; ``explained`` adds what the library said.
    """

    def __init__(self, message: str, detail: str = "") -> None:
        super().__init__(message)
        self.detail = detail

    @property
    def explained(self) -> str:
        return f"{self} ({self.detail})" if self.detail else str(self)


@contextmanager
def explained(name: str) -> Iterator[None]:
    """Turn what transformers raises while loading into one sentence for the operator."""
    try:
        yield
    except EncoderError:
        raise
    # Truncated, empty and foreign files made its readers raise OSError, KeyError, TypeError, SafetensorError,
    # UnpicklingError and more. Whatever they trip over, the model cannot be used.
    except Exception as error:
        what = "folder" if Path(name).exists() else "folder or Hugging Face model"
        raise EncoderError(
            f"The encoder cannot be loaded: no usable {what} {shown_name(name)!r}. "
            "Set CLIP_MODEL to a folder with a dual encoder, to a Hugging Face id that is cached or can be "
            "downloaded, or leave it out to use the bundled one.",
            f"{name}: {first_line(error)}",
        ) from error


def shown_name(model: str) -> str:
    """The name of a model without the path of the folder that it lies in."""
    return Path(model).name if Path(model).is_absolute() else model


def first_line(error: BaseException) -> str:
    return next(iter(str(error).strip().splitlines()), type(error).__name__)[:300]
