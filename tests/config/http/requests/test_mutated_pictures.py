"""Ten thousand pictures with mutated structure, sent to the image-search endpoint."""

import logging
import resource
from collections import Counter
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from bench.campaign.mutations import KINDS, mutants

pytestmark = [pytest.mark.fuzz, pytest.mark.django_db, pytest.mark.usefixtures("shop")]
EACH = 2000
WARM_UP = 300
# What the allocator may keep beyond the first few hundred pictures, in bytes.
MAY_GROW = 128 * 1024 * 1024


def resident():
    """This process' memory in bytes: what is in use now where the system tells, else the highest so far."""
    now = Path("/proc/self/statm")
    if now.exists():
        return int(now.read_text().split()[1]) * resource.getpagesize()
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


@pytest.mark.parametrize("kind", KINDS)
def test_damaged_pictures_are_refused_or_searched_within_memory(client, settings, kind, monkeypatch):
    monkeypatch.setattr("config.http.limits.BUDGETS", ())
    settings.RATE_LIMIT_PICTURES = "1000000/m"
    # Django logs a refusal with its request, and pytest keeps what is logged: each upload, that is.
    monkeypatch.setattr(logging.getLogger("django.request"), "disabled", True)
    seen, before = Counter(), None
    for number, data in enumerate(mutants(kind, EACH)):
        picture = SimpleUploadedFile(f"shoe.{kind.lower()}", data, content_type=KINDS[kind])
        answer = client.post("/api/v1/image-search", {"image": picture}, headers={"DNT": "1"})
        seen[answer.status_code] += 1
        if number == WARM_UP:
            before = resident()
        elif number > WARM_UP and number % 300 == 0:
            assert resident() - before < MAY_GROW
    assert set(seen) <= {200, 400, 413, 415}
    assert sum(seen.values()) == EACH
    assert EACH - seen[200] > EACH // 20
