"""The table of wishes as a command prints it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime

from search import engine
from search.encoding.encoder import Encoder
from search.evaluation.catalogues import NothingToMeasure
from search.evaluation.other_catalogue import relabelled
from search.evaluation.queries import Split, labelled_products
from search.evaluation.wishes.labelled import LabelledWishes
from search.evaluation.wishes.measures import Pictures, WishMeasures, WishTable


def measured(
    encoder: Encoder,
    split: Split,
    kinds: Mapping[str, tuple[str, str]] | None,
    *,
    now: datetime,
    as_json: bool,
) -> str:
    """Wishes on the synced catalogue, with other labels where ``kinds`` has them (``relabelled``).

    Raises NothingToMeasure, IndexMissing and NotReady.
    """
    snapshot = engine.snapshot()
    products = labelled_products(snapshot)
    if kinds is not None:
        products = relabelled(products, snapshot, kinds)
    pictures = Pictures.of(snapshot)
    groups = LabelledWishes(products, snapshot.columns.price, pictures.known, split).groups()
    if not groups:
        raise NothingToMeasure("No wish has ten products of its kind to find in this catalogue.")
    table = WishMeasures(snapshot, pictures, encoder.encode_text, now=now).table(groups)
    counts = {group: len(wishes) for group, wishes in groups.items()}
    return _as_json(table, counts, split) if as_json else _printed(table, counts, split)


def _as_json(table: WishTable, counts: Mapping[str, int], split: Split) -> str:
    found = {
        group: {
            "wishes": counts[group],
            "methods": {
                method: {
                    str(weight): {name: asdict(each) for name, each in by.items()}
                    for weight, by in weights.items()
                }
                for method, weights in methods.items()
            },
        }
        for group, methods in table.items()
    }
    return json.dumps({"part": split, "wishes": found}, indent=2)


def _printed(table: WishTable, counts: Mapping[str, int], split: Split) -> str:
    lines = []
    for group, methods in table.items():
        lines.append(f"{group}, {counts[group]} wishes")
        for method, weights in methods.items():
            for weight, by in weights.items():
                values = "  ".join(f"{name} {estimate}" for name, estimate in by.items())
                lines.append(f"  {method:<18} weight {weight}  {values}")
    lines.append(f"Measured {sum(counts.values())} wishes ({split}).")
    return "\n".join(lines)
