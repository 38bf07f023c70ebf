"""What a query keeps a distance from: "without hood", "not striped".

An encoder reads "hood" as what goes with hoods, so a distance from it is a distance from every sweatshirt.
Beside a picture the kind of thing is known: what "sweatshirts hood" says beyond "sweatshirts" is the hood.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import numpy as np

from search.engine import IndexSnapshot
from search.query_builder.encoding import encode_text
from search.query_builder.windows import NEIGHBOURS
from search.vectors import Vectors


def unwanted_beside_picture(
    things: Sequence[str], picture: Vectors, snapshot: IndexSnapshot, now: datetime
) -> Vectors:
    """The difference (d,), of no unit length, that these words make to the kind of thing in a picture (d,).

    Where no category is known, the difference to nothing in particular. Raises NotReady or Busy.
    """
    kind = _kind(picture, snapshot).lower() or "clothes"
    return encode_text(f"{kind} {' '.join(things)}", now) - encode_text(kind, now)


def _kind(picture: Vectors, snapshot: IndexSnapshot) -> str:
    """The category of most of the products nearest to a picture; "" where they have none."""
    rows, _cosines = snapshot.index.nearest(picture, NEIGHBOURS, allowed=snapshot.columns.active)
    codes = snapshot.categories.of_row[rows]
    counts = np.bincount(codes[codes >= 0])
    return snapshot.categories.labels[int(counts.argmax())] if len(counts) else ""
