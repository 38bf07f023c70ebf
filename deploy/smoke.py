"""Ask a running shop what a shopper asks: ``python3 deploy/smoke.py http://127.0.0.1:8000 [--wait SECONDS]``.

It waits until /readyz answers, searches by words, then with the picture of the first result, and exits 1 with
a sentence where something is missing. It needs Python alone, so that it can try an image from outside.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
import urllib.error
import urllib.request
import uuid
from typing import Any

TIMEOUT_SECONDS = 60


def main() -> None:
    parser = argparse.ArgumentParser(prog="python3 deploy/smoke.py", description=__doc__)
    parser.add_argument("url", help="such as http://127.0.0.1:8000")
    parser.add_argument("--wait", type=float, default=120, help="seconds until it must be ready (120)")
    parser.add_argument("--words", default="red dress")
    options = parser.parse_args()
    site = options.url.rstrip("/")
    began = time.monotonic()
    until_ready(site, end=began + options.wait)
    print(f"Ready after {time.monotonic() - began:.1f} s.")  # noqa: T201 - a script's report
    found = search(site, "text-search", json.dumps({"text": options.words}).encode(), "application/json")
    print(f"{found['total']} products for {options.words!r}.")  # noqa: T201
    picture = read(absolute(site, found["results"][0]["product"]["image_url"]))
    similar = search(site, "image-search", *multipart("image", picture))
    print(f"{similar['total']} products for a picture of {len(picture) // 1024} KB.")  # noqa: T201


def until_ready(site: str, *, end: float) -> None:
    """Raises SystemExit with the last reason if it is not ready by then."""
    while True:
        try:
            read(f"{site}/readyz")
        except (urllib.error.URLError, OSError) as error:
            if time.monotonic() > end:
                raise SystemExit(f"{site}/readyz is not ready: {reason(error)}") from None
            time.sleep(0.2)
        else:
            return


def reason(error: Exception) -> str:
    if isinstance(error, urllib.error.HTTPError):
        return error.read(2000).decode(errors="replace")
    return str(error)


def search(site: str, endpoint: str, body: bytes, content_type: str) -> dict[str, Any]:
    request = urllib.request.Request(  # noqa: S310 - the operator's own address
        f"{site}/api/v1/{endpoint}", body, {"Content-Type": content_type}
    )
    try:
        answer: dict[str, Any] = json.loads(read(request))
    except urllib.error.URLError as error:
        raise SystemExit(f"{endpoint} failed: {reason(error)}") from None
    if not answer["results"]:
        raise SystemExit(f"{endpoint} found nothing.")
    return answer


def multipart(field: str, data: bytes) -> tuple[bytes, str]:
    """A form with one file: the body and its type."""
    boundary = uuid.uuid4().hex
    head = f'--{boundary}\r\nContent-Disposition: form-data; name="{field}"; filename="picture"\r\n\r\n'
    return (
        head.encode() + data + f"\r\n--{boundary}--\r\n".encode(),
        f"multipart/form-data; boundary={boundary}",
    )


def absolute(site: str, address: str) -> str:
    return address if "://" in address else site + address


def read(request: str | urllib.request.Request) -> bytes:
    with urllib.request.urlopen(request, timeout=TIMEOUT_SECONDS) as response:  # noqa: S310
        content: bytes = response.read()
    return content


if __name__ == "__main__":
    sys.exit(main())
