"""The environment of every test run, set before Django reads it (loaded by ``-p`` in pyproject.toml)."""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

os.environ["DATA_DIR"] = tempfile.mkdtemp(prefix="tandem-tests-")
atexit.register(shutil.rmtree, os.environ["DATA_DIR"], ignore_errors=True)
# Where collectstatic would have written; WhiteNoise warns when it is missing.
Path(os.environ["DATA_DIR"], "static").mkdir()
os.environ["DEBUG"] = "off"
os.environ["HTTPS"] = "off"
os.environ["SECRET_KEY"] = "for-tests-only-" + "k" * 60
os.environ["HF_HUB_OFFLINE"] = "1"
# Services are named by TEST_DATABASE_URL and TEST_REDIS_URL, so that a developer's own are never touched.
os.environ["DATABASE_URL"] = os.environ.get("TEST_DATABASE_URL", "")
os.environ["REDIS_URL"] = ""
os.environ["CLIP_MODEL"] = "bundled"
# Nor are a developer's own shops.
for name in ("SHOP", "TOKEN", "CLIENT_ID", "CLIENT_SECRET", "WEBHOOK_SECRET"):
    os.environ[f"SHOPIFY_{name}"] = ""
for name in ("URL", "KEY", "SECRET", "WEBHOOK_SECRET"):
    os.environ[f"WOOCOMMERCE_{name}"] = ""
