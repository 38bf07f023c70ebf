"""Query pictures as a search compares them: by a part that it chooses, where the whole is unsure."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PIL import Image

from search.encoding.encoder import Encoder
from search.evaluation.pictures.measures import Labelled
from search.index.calibration import LabelledQueries, calibrate
from search.query_builder.searched_part import best_part, is_unsure
from search.vectors import Rows, Vectors


def searched_vectors(shop: Labelled, rows: Rows, images: Sequence[Image.Image], encoder: Encoder) -> Vectors:
    """(q, d): what stands for each of ``images``, which show the pictures in ``rows`` (q,).

    The part is chosen among the other pictures of the shop: without a picture's own and those of its title.
    """
    nothing = np.zeros((0, shop.vectors.shape[1]), np.float32)
    queries = LabelledQueries(shop.vectors, [shop.kinds == kind for kind in shop.kinds.tolist()])
    scale = calibrate(shop.vectors, image=queries, text=LabelledQueries(nothing, [])).image
    found = []
    for row, image in zip(rows.tolist(), images, strict=True):
        whole, parts = encoder.encode_with_parts(image)
        others = shop.vectors[~shop.own(row)]
        is_sure = not is_unsure(whole, others, scale)
        found.append(whole if is_sure else best_part(image, whole, parts, others, scale, encoder).vector)
    return np.stack(found)
