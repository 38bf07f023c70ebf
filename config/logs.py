"""Logs as JSON lines and errors to Sentry. The settings import this module, so it imports no Django."""

from __future__ import annotations

from typing import Any

import sentry_sdk
import structlog
from structlog.tracebacks import ExceptionDictTransformer

# Local variables hold passwords, tokens and what people typed.
_TRACEBACKS = structlog.processors.ExceptionRenderer(ExceptionDictTransformer(show_locals=False))
_SHARED: list[Any] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.stdlib.ExtraAdder(),
    structlog.processors.TimeStamper(fmt="iso", utc=True),
]


def logging_config(*, as_json: bool) -> dict[str, Any]:
    """The value of settings.LOGGING: one JSON object a line, or coloured lines for a terminal."""
    renderer: list[Any] = (
        [_TRACEBACKS, structlog.processors.JSONRenderer(default=str)]
        if as_json
        else [structlog.dev.ConsoleRenderer()]
    )
    formatter = {
        "()": structlog.stdlib.ProcessorFormatter,
        "foreign_pre_chain": _SHARED,
        "processors": [structlog.stdlib.ProcessorFormatter.remove_processors_meta, *renderer],
    }
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"structured": formatter},
        "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "structured"}},
        "root": {"handlers": ["console"], "level": "INFO"},
        # At every start, faiss logs at INFO which instruction sets it could not use.
        "loggers": {"faiss": {"level": "WARNING"}},
    }


def start_sentry(dsn: str, *, environment: str) -> None:
    """Report errors to ``dsn`` without addresses, cookies, bodies or local variables; "" disables it."""
    if dsn:
        sentry_sdk.init(
            dsn=dsn,
            environment=environment,
            send_default_pii=False,
            max_request_body_size="never",
            include_local_variables=False,
            traces_sample_rate=0.0,
        )
