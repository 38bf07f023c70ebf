"""Build a base: an index of the whole catalogue, calibrated and tuned on it."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from django.conf import settings

from search.encoding.embedding import embed_products
from search.encoding.encoder import Encoder
from search.index.calibration import CALIBRATION_FILE, calibrate
from search.index.calibration_queries import picture_queries, text_queries, tuning_queries
from search.index.categories import NAMES_FILE, stored_names
from search.index.engines.choice import configured
from search.index.plan import IndexPlan, recipe
from search.index.product_index import ProductIndex, with_manifest
from search.index.segments.rows import digest_of, row_files, stacked
from search.index.segments.stored_vectors import StoredDocuments
from search.index.version import Extra
from search.lexical import building as lexical
from search.lexical.files import FOLDER as LEXICAL_FOLDER

logger = logging.getLogger(__name__)


def build_base(
    encoder: Encoder, plan: IndexPlan, generation: datetime | None, now: datetime, root: Path
) -> tuple[ProductIndex, Mapping[str, Extra]]:
    """The index of the planned products and the files that are published with it.

    While it is held, its vectors take disk in the folder ``root`` of the versions. Raises InvalidVectors,
    NotReady, EncoderError or OSError.
    """
    stored = StoredDocuments.read(encoder, plan.keys, root)
    if stored.damaged:
        logger.warning("Vectors of %s products are damaged; they are embedded again.", len(stored.damaged))
        embed_products(encoder, stored.damaged, now, None, None)
        stored = StoredDocuments.read(encoder, plan.keys, root)
    documents = [plan.documents[position] for position in stored.positions]
    labels = [plan.labels[position] for position in stored.positions]
    pictures = picture_queries(labels, stored.images, stored.pictured)
    texts = text_queries(labels, encoder)
    calibration = calibrate(stored.vectors, image=pictures, text=texts)
    index = configured().build(
        stored.keys,
        stored.vectors,
        root=root,
        fingerprint=encoder.fingerprint,
        queries=tuning_queries(pictures.vectors, texts.vectors),
    )
    wanted = [plan.content_hashes[position] for position in stored.positions]
    outdated = [
        key
        for key, new, used in zip(stored.keys.tolist(), wanted, stored.content_hashes, strict=True)
        if new != used
    ]
    index = with_manifest(
        index,
        fingerprint=encoder.fingerprint,
        model=settings.CLIP_MODEL,
        image_share=settings.DOCUMENT_IMAGE_SHARE,
        generation=generation.isoformat() if generation else "",
        details={
            **index.manifest.details,
            "digest": plan.digest,
            "recipe": recipe(encoder.fingerprint),
            "retry": outdated,
            "without_picture": int((~stored.pictured).sum()),
        },
    )
    digests = stacked([digest_of(*row) for row in zip(stored.content_hashes, documents, strict=True)])
    extra: dict[str, Extra] = {
        CALIBRATION_FILE: json.dumps(calibration.as_dict()).encode(),
        NAMES_FILE: stored_names([category for _colour, category in labels], encoder.encode_text),
        LEXICAL_FOLDER: lambda path: lexical.build(documents, path.parent),
        **row_files(digests, stored.pictured),
    }
    return index, extra
