"""Logs as JSON lines and errors to Sentry. The settings import this module, so it imports no Django."""

from __future__ import annotations

from typing import Any

import sentry_sdk
import structlog
from structlog.tracebacks import ExceptionDictTransformer

from config.logs.masking import mask_event, mask_report

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
        [_TRACEBACKS, mask_event, structlog.processors.JSONRenderer(default=str)]
        if as_json
        # As text, which can be masked; structlog's own drawing of a traceback shows local variables.
        else [structlog.processors.format_exc_info, mask_event, structlog.dev.ConsoleRenderer()]
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
        "loggers": {
            "faiss": {"level": "WARNING"},
            # It says that it starts and ends, which is with every message (search/agents/transport.py).
            "mcp": {"level": "WARNING"},
            # `manage.py runserver` has a handler of its own, which would write addresses as they are.
            "django.server": {"handlers": ["console"], "level": "INFO", "propagate": False},
        },
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
            before_send=mask_report,
            before_breadcrumb=mask_report,
        )
