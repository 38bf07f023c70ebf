"""The image's health check: /healthz of this container, asked under the first of the site's names."""

import os
import urllib.request

host = os.environ.get("ALLOWED_HOSTS", "").split(",")[0].strip().lstrip(".") or "localhost"
address = f"http://127.0.0.1:{os.environ.get('PORT', '8000')}/healthz"
urllib.request.urlopen(urllib.request.Request(address, headers={"Host": host}), timeout=2)
