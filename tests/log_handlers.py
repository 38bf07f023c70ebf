"""Attaches pytest's log handlers without looking at the loggers of the model's libraries.

pytest looks at every logger six times a test, to find those that do not propagate. torch and transformers
have more than all others together, and that alone took a third of the time of a test that does nothing.
"""

import logging
from functools import lru_cache

from _pytest.logging import catching_logs

LIBRARIES = ("torch", "transformers")


def attach_quickly() -> None:
    """From now on; loggers of LIBRARIES that do not propagate are no longer captured."""
    catching_logs.__enter__ = _attach


def _attach(self):
    """As the method that it replaces."""
    root = logging.getLogger()
    if self.level is not None:
        self.handler.setLevel(self.level)
    for logger in (root, *_apart(root.manager.loggerDict)):
        logger.addHandler(self.handler)
        self.attached_loggers.append(logger)
    if self.level is not None:
        self.orig_level = root.level
        root.setLevel(min(self.orig_level, self.level))
    return self.handler


def _apart(loggers):
    """Those that do not propagate; a placeholder of several loggers is none itself."""
    found = [loggers[name] for name in _others(len(loggers))]
    return [each for each in found if isinstance(each, logging.Logger) and not each.propagate]


@lru_cache(maxsize=1)
def _others(_count):
    """The names of the other loggers, looked for anew whenever there are more."""
    return [name for name in logging.getLogger().manager.loggerDict if name.split(".")[0] not in LIBRARIES]
