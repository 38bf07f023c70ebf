"""The demo shop as a Django app, for its one command, ``seed_demo``."""

from django.apps import AppConfig


class DemoConfig(AppConfig):
    name = "demo"
