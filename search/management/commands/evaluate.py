"""``manage.py evaluate``: measure retrieval quality. Exit 0 done, 1 failed, 130 stopped."""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.checks import Tags
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from catalog.models import Product
from search import engine
from search.encoding.encoder import Encoder
from search.encoding.errors import EncoderError
from search.evaluation import clicked, metrics
from search.evaluation.answers import AnswerSets, as_json_table, printed
from search.evaluation.catalogues import NothingToMeasure, labelled_file, synced_catalogue
from search.evaluation.comparison import Comparison
from search.evaluation.labelled_queries import LabelledQueries
from search.evaluation.metrics import LARGEST_SAMPLE, Catalogue, Search, exact
from search.evaluation.other_catalogue import measured, read_kinds, relabelled
from search.evaluation.pictures.report import measured_pictures
from search.evaluation.queries import EvaluationQueries, Split, labelled_products
from search.evaluation.replay.report import report
from search.evaluation.wishes import report as wishes
from search.evaluation.words import WordMeasures
from search.ranking.weights import configured_weights

STOPPED = 130
ATTRIBUTES = ("category", "type", "colour", "colour and type", "usage")
Table = dict[str, dict[str, float]]
# Options that measure all queries, or the half to choose or the half to report by.
MEASURES_BY_HALF = {
    "ranking": "compare vectors, words and both together; 'choose' and 'report' are the halves of the "
    "products that the bundled encoder was not trained on",
    "answers": "measure answer sets on labelled queries; 'choose' and 'report' are halves of the queries",
    "words": "measure other languages, misspelt and correct words; 'choose' and 'report' are halves of the "
    "queries in other languages",
    "wishes": "measure pictures with words that change one thing about them, by weight; 'choose' and "
    "'report' are halves of the products that the bundled encoder was not trained on",
}


class Command(BaseCommand):
    help = "Measure retrieval on the synced catalogue, exactly and by the index, or on a labelled file."
    requires_system_checks = [Tags.database, Tags.models]

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--queries", type=int, default=LARGEST_SAMPLE, help="sampled titles and pictures")
        parser.add_argument("--json", action="store_true", help="print JSON instead of a table")
        parser.add_argument(
            "--file", type=Path, help="a CSV file with title, image and labels to measure instead"
        )
        for name, measures in MEASURES_BY_HALF.items():
            parser.add_argument(
                f"--{name}", nargs="?", const=Split.ALL, type=Split.named, choices=list(Split), help=measures
            )
        parser.add_argument(
            "--catalogue",
            type=Path,
            metavar="FOLDER",
            help="measure the encoder on another shop's pictures, and the answer sets of its products.csv in "
            "an index that is deleted again; or the encoder on one folder of photos for each kind",
        )
        parser.add_argument(
            "--only-pictures", action="store_true", help="with --catalogue: leave out the answer sets"
        )
        parser.add_argument(
            "--held-out",
            action="store_true",
            help="with --only-pictures: measure only what the bundled encoder was not trained on",
        )
        parser.add_argument(
            "--judgements", type=Path, help="with --ranking, also the queries of export_judgements' CSV file"
        )
        parser.add_argument(
            "--kinds", type=Path, help="a CSV file with id and kind, labels for --answers and --wishes"
        )
        parser.add_argument("--replay", metavar="EXPERIMENT", help="what an experiment would change")
        parser.add_argument("--days", type=int, default=1, help="with --replay: the queries of so many days")
        parser.add_argument("--kinds-of", default="", help="the source in that file")

    def handle(
        self, *args: Any, queries: int, file: Path | None, ranking: Split | None, **options: Any
    ) -> None:
        if queries < 1:
            raise CommandError("--queries must be at least 1.")
        try:
            if options["catalogue"] is not None:
                self._measure_catalogue(options["catalogue"], options)
                return
            if options["replay"] is not None:
                days, as_json = options["days"], options["json"]
                self.stdout.write(report(options["replay"], days=days, now=timezone.now(), as_json=as_json))
                return
            encoder = engine.encoder()
            if options["answers"] is not None:
                self._measure_answers(encoder, _kinds(options), options["answers"], as_json=options["json"])
                return
            if options["wishes"] is not None:
                kinds, as_json, now = _kinds(options), options["json"], timezone.now()
                self.stdout.write(
                    wishes.measured(encoder, options["wishes"], kinds, now=now, as_json=as_json)
                )
                return
            if options["words"] is not None:
                self._measure_words(options["words"], as_json=options["json"])
                return
            if ranking is not None:
                self._compare(encoder, ranking, options["judgements"], as_json=options["json"])
                return
            catalogue, searches = _catalogue(encoder, file)
            table = measure(catalogue, encoder, searches, queries)
        except engine.NotReady as error:
            raise CommandError(f"{error} Run {error.command} first.") from error
        except EncoderError as error:
            raise CommandError(error.explained) from error
        except NothingToMeasure as error:
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
            self.stdout.write(f"Measured {len(table)} tasks on {size} products, model {settings.CLIP_MODEL}.")

    def _measure_catalogue(self, folder: Path, options: dict[str, Any]) -> None:
        """The pictures of another shop, then its answer sets, unless one of them alone is asked for."""
        as_json = ["--json"] if options["json"] else []
        if options["wishes"] is not None:
            self.stdout.write(measured(folder, ["--wishes", options["wishes"], *as_json]))
            return
        answers = "{}" if options["json"] else ""
        if not options["only_pictures"]:
            answers = measured(folder, ["--answers", options["answers"] or Split.ALL, *as_json])
        table = {}
        if options["answers"] is None:
            table = measured_pictures(folder, engine.encoder(), held_out=options["held_out"])
        if options["json"]:
            pictures = {part: {name: asdict(e) for name, e in by.items()} for part, by in table.items()}
            found = json.loads(answers) | ({"pictures": pictures} if pictures else {})
            self.stdout.write(json.dumps(found, indent=2))
        else:
            for part, by in table.items():
                self.stdout.write(part)
                self.stdout.writelines(f"  {name:<26} {estimate}\n" for name, estimate in by.items())
            self.stdout.write(answers)

    def _measure_answers(
        self, encoder: Encoder, kinds: dict[str, tuple[str, str]] | None, split: Split, *, as_json: bool
    ) -> None:
        snapshot = engine.snapshot()
        products = labelled_products(snapshot)
        if kinds is not None:
            products = relabelled(products, snapshot, kinds)
        groups = LabelledQueries(products, split).groups()
        table = AnswerSets(snapshot, encoder.encode_text, now=timezone.now()).table(groups)
        if as_json:
            found = {"products": len(products), "part": split, "answers": as_json_table(table)}
            self.stdout.write(json.dumps(found, indent=2))
        else:
            self.stdout.write(printed(table))
            count = sum(map(len, groups.values()))
            self.stdout.write(f"Measured {count} answers on {len(products)} products ({split}).")

    def _measure_words(self, split: Split, *, as_json: bool) -> None:
        products = list(Product.objects.active().order_by("pk"))
        table = WordMeasures(products, now=timezone.now()).table(split)
        if as_json:
            found = {"products": len(products), "part": split, "words": table}
            self.stdout.write(json.dumps(found, indent=2))
        else:
            self.stdout.write(_printed(table))

    def _compare(self, encoder: Encoder, split: Split, judgements: Path | None, *, as_json: bool) -> None:
        snapshot = engine.snapshot()
        queries = EvaluationQueries(labelled_products(snapshot), split)
        judged = clicked.read(judgements) if judgements else []
        found = clicked.clicked_queries(judged, snapshot, split)
        comparison = Comparison(snapshot, encoder.encode_text, weights=configured_weights())
        compared = comparison.table(queries, found)
        if as_json:
            report = {"products": snapshot.lexical.size, "part": split, "ranking": compared}
            self.stdout.write(json.dumps(report, indent=2))
        else:
            rows = {
                f"{group} | {method}": scores
                for group, by in compared.items()
                for method, scores in by.items()
            }
            self.stdout.write(_printed(rows, width=58))
            self.stdout.write(f"Compared {len(compared)} groups of queries ({split}).")


def _catalogue(encoder: Encoder, file: Path | None) -> tuple[Catalogue, dict[str, Search]]:
    if file:
        catalogue = labelled_file(file, encoder, settings.DOCUMENT_IMAGE_SHARE)
        return catalogue, {"exact": exact(catalogue.documents)}
    catalogue, index_search = synced_catalogue(engine.index(), encoder.fingerprint)
    return catalogue, {"exact": exact(catalogue.documents), "index": index_search}


def measure(catalogue: Catalogue, encoder: Encoder, searches: dict[str, Search], queries: int) -> Table:
    """Every task by every search; tasks that the catalogue has too few products for are left out."""
    table: Table = {
        "title → picture": metrics.title_to_image(catalogue, encoder.encode_text, queries=queries)
    }
    for name, search in searches.items():
        for attribute in ATTRIBUTES:
            table[f"{attribute} → product ({name})"] = metrics.attribute_to_product(
                catalogue, attribute, encoder.encode_text, search
            )
        table[f"picture → same type ({name})"] = metrics.image_to_type(catalogue, search, queries=queries)
    hybrid = metrics.hybrid(catalogue, encoder.encode_text, queries=min(queries, 500))
    table |= {f"picture + in <colour>, weight {weight}": scores for weight, scores in hybrid.items()}
    return {task: scores for task, scores in table.items() if scores}


def _kinds(options: dict[str, Any]) -> dict[str, tuple[str, str]] | None:
    """The labels given by --kinds."""
    file = options["kinds"]
    return None if file is None else read_kinds(file, options["kinds_of"])


def _printed(table: Table, width: int = 38) -> str:
    lines = []
    for task, scores in table.items():
        values = "  ".join(
            f"{name} {value:.0f}" if name == "queries" else f"{name} {value:.3f}"
            for name, value in scores.items()
        )
        lines.append(f"{task:<{width}} {values}")
    return "\n".join(lines)
