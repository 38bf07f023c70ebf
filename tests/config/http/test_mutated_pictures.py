"""Eighteen thousand damaged pictures sent to the image-search endpoint."""

import io
import logging
import resource
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from tests.catalog.pictures.mutation import original as with_many_parts
from tests.catalog.pictures.mutation import repeated_part

pytestmark = [pytest.mark.fuzz, pytest.mark.django_db, pytest.mark.usefixtures("shop")]
KINDS = {
    "JPEG": "image/jpeg",
    "PNG": "image/png",
    "WEBP": "image/webp",
    "AVIF": "image/avif",
    "GIF": "image/gif",
}
EACH = 3600
WARM_UP = 300
# What the allocator may keep beyond the first few hundred pictures, in bytes.
MAY_GROW = 128 * 1024 * 1024


def resident():
    """This process' memory in bytes: what is in use now where the system tells, else the highest so far."""
    now = Path("/proc/self/statm")
    if now.exists():
        return int(now.read_text().split()[1]) * resource.getpagesize()
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def mutants(kind, how_many):
    """Noise saved as ``kind``, with up to a dozen bytes changed, cut short, with a piece twice, or with a
    part of its structure repeated.
    """
    random = np.random.default_rng(sum(kind.encode()))
    buffer = io.BytesIO()
    Image.effect_noise((48, 48), 80).convert("RGB").save(buffer, kind)
    original = np.frombuffer(buffer.getvalue(), np.uint8)
    structured = with_many_parts(kind)
    for number in range(how_many):
        if number % 4 == 3:
            yield repeated_part(kind, structured, random)
            continue
        mutant = original.copy()
        places = random.integers(0 if number % 10 == 0 else 12, len(mutant), random.integers(1, 12))
        mutant[places] = random.integers(0, 256, len(places))
        data = mutant.tobytes()
        if number % 3 == 1:
            data = data[: random.integers(1, len(data))]
        elif number % 3 == 2:
            at, to = sorted(random.integers(0, len(data), 2))
            data = data[:to] + data[at:]
        yield data


@pytest.mark.parametrize("kind", KINDS)
def test_damaged_pictures_are_refused_or_searched_within_memory(client, kind, monkeypatch):
    monkeypatch.setattr("config.http.limits.BUDGETS", ())
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
