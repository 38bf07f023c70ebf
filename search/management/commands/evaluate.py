"""``manage.py evaluate``: how well encoder and index find things. Exit 0 done, 1 failed, 130 stopped."""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.checks import Tags
from django.core.management.base import BaseCommand, CommandError

from search import engine
from search.encoding.encoder import Encoder, EncoderError
from search.evaluation import metrics as evaluation
from search.evaluation.catalogues import NothingToMeasure, from_file, synced
from search.evaluation.comparison import Comparison
from search.evaluation.metrics import LARGEST_SAMPLE, Catalogue, Search, exact
from search.evaluation.questions import Part, Questions, items
from search.index.store import IndexMissing
from search.ranking.weights import configured_weights

STOPPED = 130
ATTRIBUTES = ("category", "type", "colour", "colour and type", "usage")
Table = dict[str, dict[str, float]]


class Command(BaseCommand):
    help = "Measure retrieval on the synced catalogue, exactly and by the index, or on a labelled file."
    requires_system_checks = [Tags.database, Tags.models]

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--queries", type=int, default=LARGEST_SAMPLE, help="sampled titles and pictures")
        parser.add_argument("--json", action="store_true", help="print JSON instead of a table")
        parser.add_argument(
            "--file", type=Path, help="a CSV file with title, image and labels to measure instead"
        )
        parser.add_argument(
            "--ranking",
            nargs="?",
            const=Part.ALL,
            type=Part,
            choices=list(Part),
            help="compare vectors, words and both together; 'choose' and 'report' are the halves of the "
            "products that the bundled encoder was not trained on",
        )

    def handle(
        self, *args: Any, queries: int, file: Path | None, ranking: Part | None, **options: Any
    ) -> None:
        if queries < 1:
            raise CommandError("--queries must be at least 1.")
        try:
            encoder = engine.encoder()
            if ranking is not None:
                self._compare(encoder, ranking, as_json=options["json"])
                return
            catalogue, searches = _catalogue(encoder, file)
            table = measure(catalogue, encoder, searches, queries)
        except IndexMissing as error:
            raise CommandError(f"{error} Run {error.command} first.") from error
        except engine.NotReady as error:
            raise CommandError(f"{error} Run {error.command} first.") from error
        except (EncoderError, NothingToMeasure) as error:
            raise CommandError(str(error)) from error
        except KeyboardInterrupt:
            self.stderr.write("Stopped; nothing was written.")
            sys.exit(STOPPED)
        size = len(catalogue.titles)
        if options["json"]:
            found = {"products": size, "fingerprint": encoder.fingerprint, "measures": table}
            self.stdout.write(json.dumps(found, indent=2))
        else:
            self.stdout.write(_printed(table))
            self.stdout.write(
                f"Measured {len(table)} questions on {size} products, model {settings.CLIP_MODEL}."
            )

    def _compare(self, encoder: Encoder, part: Part, *, as_json: bool) -> None:
        """Vectors, words and both together, on the catalogue in service."""
        snapshot = engine.snapshot()
        questions = Questions(items(snapshot), part)
        compared = Comparison(snapshot, encoder.encode_text, weights=configured_weights()).table(questions)
        if as_json:
            found = {"products": snapshot.lexical.size, "part": part, "ranking": compared}
            self.stdout.write(json.dumps(found, indent=2))
        else:
            rows = {
                f"{group} | {way}": scores for group, by in compared.items() for way, scores in by.items()
            }
            self.stdout.write(_printed(rows, width=58))
            self.stdout.write(f"Compared {len(compared)} groups of questions ({part}).")


def _catalogue(encoder: Encoder, file: Path | None) -> tuple[Catalogue, dict[str, Search]]:
    if file:
        catalogue = from_file(file, encoder, settings.DOCUMENT_IMAGE_SHARE)
        return catalogue, {"exact": exact(catalogue.documents)}
    index = engine.store().current()
    if index.manifest.fingerprint != encoder.fingerprint:
        raise NothingToMeasure("The index was built by another encoder. Run manage.py reindex first.")
    catalogue, served = synced(index, encoder.fingerprint)
    return catalogue, {"exact": exact(catalogue.documents), "index": served}


def measure(catalogue: Catalogue, encoder: Encoder, searches: dict[str, Search], queries: int) -> Table:
    """Every question by every search; questions that the catalogue has too few products for are left out."""
    table: Table = {
        "title → picture": evaluation.title_to_image(catalogue, encoder.encode_text, queries=queries)
    }
    for name, search in searches.items():
        for attribute in ATTRIBUTES:
            table[f"{attribute} → product ({name})"] = evaluation.attribute_to_product(
                catalogue, attribute, encoder.encode_text, search
            )
        table[f"picture → same type ({name})"] = evaluation.image_to_type(catalogue, search, queries=queries)
    asked = evaluation.hybrid(catalogue, encoder.encode_text, queries=min(queries, 500))
    table |= {f"picture + in <colour>, weight {weight}": scores for weight, scores in asked.items()}
    return {question: scores for question, scores in table.items() if scores}


def _printed(table: Table, width: int = 38) -> str:
    lines = []
    for question, scores in table.items():
        values = "  ".join(
            f"{name} {value:.0f}" if name == "queries" else f"{name} {value:.3f}"
            for name, value in scores.items()
        )
        lines.append(f"{question:<{width}} {values}")
    return "\n".join(lines)
