"""The encoder, the index and the ranking."""

from __future__ import annotations

import re

from django.core.exceptions import ImproperlyConfigured

from config.environment import read_choice, read_int, read_processes, read_text, read_threads, read_url

CLIP_MODEL = read_text("CLIP_MODEL", default="bundled")
ENCODER_DEVICE = read_text("ENCODER_DEVICE", default="cpu")
# What computes pictures: torch, or openvino (requirements-openvino.txt).
ENCODER_BACKEND = read_choice("ENCODER_BACKEND", choices=("torch", "openvino"))
# How many inferences run at once in one process, and half as many decodings of uploads. A request waits up to
# two seconds for a free slot; then it is answered 503 with Retry-After (search/admission.py).
ENCODER_CONCURRENCY = read_int("ENCODER_CONCURRENCY", default=2, low=1, high=64)
# Read here as well, so that the commands before a start refuse a wrong one with a sentence: gunicorn reads it
# before its configuration, and prints a traceback.
WEB_CONCURRENCY = read_processes()
# Some of these threads may wait for pictures, never all (search/admission.py, config/http/media.py).
WEB_THREADS = read_threads()
# Up to this many vectors the index is exact; above, IVF.
INDEX_EXACT_LIMIT = read_int("INDEX_EXACT_LIMIT", default=20_000, low=0, high=10_000_000)
INDEX_RECALL_TARGET = 0.99
# Up to this many products every change builds the index anew, which takes about a second; above, a version is
# a base and small deltas.
INDEX_WHOLE_LIMIT = read_int("INDEX_WHOLE_LIMIT", default=2_000, low=0, high=10_000_000)
# What changed since the base, as a share of it, from which a new base is built in the background.
INDEX_DELTA_SHARE = 0.05
# Where vectors lie and are compared: in this process and its files, or in a Milvus server (docs/scaling.md).
SEARCH_ENGINE = read_choice("SEARCH_ENGINE", choices=("local", "milvus"))
MILVUS_ADDRESS = read_url("MILVUS_ADDRESS", schemes=("http", "https"))
MILVUS_TOKEN = read_text("MILVUS_TOKEN")
# The start of the names of this shop's collections.
MILVUS_PREFIX = read_text("MILVUS_PREFIX", default="tandem")
if SEARCH_ENGINE == "milvus" and not MILVUS_ADDRESS:
    raise ImproperlyConfigured("SEARCH_ENGINE=milvus needs MILVUS_ADDRESS, such as http://milvus:19530.")
if not re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]{0,200}", MILVUS_PREFIX):
    raise ImproperlyConfigured("MILVUS_PREFIX takes letters, digits and _, and starts with no digit.")
# The picture's share of a product's vector, in [0, 1]; the rest is its text.
DOCUMENT_IMAGE_SHARE = 0.7
INDEX_KEPT_VERSIONS = 3

# The weight of each term of search/ranking/score.py, chosen by measurement (docs/measurements.md).
RANKING_WEIGHTS = {
    "similarity": 1.0,
    # The share of BM25 in the text side's score where the catalogue contains every query term.
    "relevance": 0.9,
    # The share of the kind in the text side's score where the words name one.
    "kind": 0.6,
    "taste": 0.1,
    "availability": 0.05,
    "freshness": 0.01,
    "popularity": 0.03,
    "unwanted": 0.5,
}
