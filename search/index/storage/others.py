"""What each model has in a bucket."""

from __future__ import annotations

import re

from search.index.places import FINGERPRINT, MODELS
from search.index.storage.objects import Objects
from search.index.storage.records import FILE_KEY, POINTER, RECORD_KEY

# What publications write, below the model's own prefix; earlier releases had none. Other programs may have
# objects in the bucket.
_KEY = re.compile(
    rf"(?:{MODELS}/(?P<model>{FINGERPRINT.pattern})/)?(?:{POINTER}|{RECORD_KEY.pattern}|{FILE_KEY.pattern})"
)


def keys_by_model(objects: Objects) -> dict[str, list[str]]:
    """The keys of the versions of each model, "" for those of earlier releases. Raises StorageError.

    The pointers come first: who follows one that is deleted goes on serving what is on its own disk, and
    misses nothing.
    """
    found: dict[str, list[str]] = {}
    for each in objects.listed(""):
        if parts := _KEY.fullmatch(each.key):
            found.setdefault(parts["model"] or "", []).append(each.key)
    return {model: sorted(keys, key=lambda key: not key.endswith(POINTER)) for model, keys in found.items()}
