"""What ``manage.py doctor`` says about one thing."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Finding:
    """The result of a check in one sentence. ``fix`` is another sentence where something is wrong."""

    sentence: str
    fix: str = ""


def short(error: BaseException) -> str:
    return " ".join(str(error).split())[:160] or type(error).__name__


def as_sentence(text: str) -> str:
    text = " ".join(text.split())
    return text if text.endswith((".", "!", "?")) else f"{text}."
