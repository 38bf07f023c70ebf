"""Logs, error reports and metrics."""

from __future__ import annotations

from config.environment import read_text, read_url
from config.logs import logging_config, start_sentry
from config.settings.site import DEBUG

LOGGING = logging_config(as_json=not DEBUG)
SENTRY_DSN = read_url("SENTRY_DSN", schemes=("https", "http"))
start_sentry(SENTRY_DSN, environment="development" if DEBUG else "production")
# /metrics answers this machine, staff, and anyone who sends this as a Bearer token.
METRICS_TOKEN = read_text("METRICS_TOKEN")
