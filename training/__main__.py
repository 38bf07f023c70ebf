"""Build the bundled encoder from its two towers and the two collections.

    python -m training --fashion DATA/fashion --clothing DATA/clothing --out search/encoding/bundled

With the defaults it should take about 90 minutes (reckoned from its parts, with the settings below) and
8 GB of scratch space on two cores with bfloat16. A later season, `--start CHECKPOINT --seed 1 --minutes 14`,
goes on from what an earlier one made, on fresh views. These three settings of glibc, in the environment, make
it about three times as fast, because memory is then kept instead of being mapped and unmapped at every step:
MALLOC_MMAP_THRESHOLD_=8589934592 MALLOC_TRIM_THRESHOLD_=17179869184 MALLOC_TOP_PAD_=268435456
"""

import argparse
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch

from . import towers, vocabulary
from .captions import Writer
from .corpus import Corpus
from .data import Item, read_clothing, read_fashion
from .export import export
from .fit import Trainer, in_channels_last
from .model import Tandem
from .objective import Teacher
from .photo_colours import name_colours
from .rendered import draw
from .text_network import TextNetwork, TokenStates
from .texts import ClassNames, general_phrases
from .views import ViewCache

CAPTIONS_PER_SLOT = 5
PROJECTION_VIEWS = 4  # the first of them is the clean one
RENDERED = 1000


@dataclass(frozen=True)
class Plan:
    """How long each stage goes on, and what it goes on from; without a start, from ImageNet and MiniLM."""

    minutes: float = 50.0
    views: int = 12
    first_rounds: int = 14
    last_rounds: int = 8
    seed: int = 0
    start: Path | None = None


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m training", description=__doc__.splitlines()[0])
    parser.add_argument(
        "--fashion", type=Path, required=True, help="folder with products.csv and its pictures"
    )
    parser.add_argument(
        "--clothing", type=Path, required=True, help="folder with one folder of photos per kind"
    )
    parser.add_argument("--out", type=Path, required=True, help="folder for the checkpoint")
    parser.add_argument(
        "--work", type=Path, help="folder for views and state; a run continues from what is there"
    )
    parser.add_argument(
        "--minutes", type=float, default=Plan.minutes, help="of the middle stage (default %(default)s)"
    )
    parser.add_argument(
        "--views", type=int, default=Plan.views, help="random views of a picture (default %(default)s)"
    )
    parser.add_argument(
        "--seed", type=int, default=Plan.seed, help="of everything drawn (default %(default)s)"
    )
    parser.add_argument("--start", type=Path, help="a checkpoint to go on from")
    parser.add_argument("--threads", type=int, default=2, help="cores to use (default %(default)s)")
    options = parser.parse_args(arguments)
    torch.set_num_threads(options.threads)
    with tempfile.TemporaryDirectory() as scratch:
        work = options.work or Path(scratch)
        work.mkdir(parents=True, exist_ok=True)
        items = [
            *read_fashion(options.fashion),
            *read_clothing(options.clothing),
            *draw(work / "rendered", size=RENDERED, workers=options.threads),
        ]
        plan = Plan(options.minutes, options.views, seed=options.seed, start=options.start)
        export(train(items, work, plan), options.out)
    _report(f"The checkpoint is in {options.out}.")


def train(items: Sequence[Item], work: Path, plan: Plan) -> Tandem:
    """Run all stages on the items that are not held out. `work` keeps views and state for another run."""
    torch.manual_seed(plan.seed)
    items = name_colours(items)
    positions = np.array([i for i, item in enumerate(items) if not item.is_held_out], np.int64)
    original = Tandem()
    views = ViewCache(work, items, positions.tolist(), seed=plan.seed)
    numbers = list(range(1, plan.views + 1))
    in_channels_last(original.pictures)
    views.build(original.pictures, [0, *numbers])
    corpus = _corpus(items, positions, views.pooled(original.pictures, 0), plan.seed)
    # A season must not go on from another one's state where both work in one folder.
    state = work / f"{'later' if plan.start else 'first'}-{plan.seed}.pt"
    if plan.start:
        start = Tandem.from_checkpoint(plan.start)
        trainer = Trainer(start, corpus, views, seed=plan.seed, report=_report)
        return trainer.fit_end_to_end(plan.minutes, numbers, state, later=True)
    trainer = Trainer(original, corpus, views, seed=plan.seed, report=_report)
    seen = [0, *numbers][:PROJECTION_VIEWS]
    if not state.exists():
        features = [views.pooled(original.pictures, number) for number in seen]
        trainer.fit_projections(features, plan.first_rounds, (1.5e-3, 3e-4), push=True)
    trainer.model = trainer.fit_end_to_end(plan.minutes, numbers, state)
    features = [views.pooled(trainer.model.pictures, number) for number in seen]
    trainer.fit_projections(features, plan.last_rounds, (3e-4, 3e-4), push=False)
    return trainer.model


def _corpus(items: Sequence[Item], positions: np.ndarray, original: torch.Tensor, seed: int) -> Corpus:
    book = Writer(items, per_slot=CAPTIONS_PER_SLOT, seed=seed).write()
    _report(f"{len(positions)} pictures, {len(book.captions)} captions")
    general = TokenStates(general_phrases(seed))
    checkpoint = towers.imagenet_checkpoint()
    classes = torch.tensor(sorted(vocabulary.IMAGENET))
    return Corpus(
        items=items,
        positions=positions,
        book=book,
        captions=TokenStates([caption.text for caption in book.captions]),
        general=general,
        known=TextNetwork().encode(general),
        names=ClassNames(),
        teacher=Teacher(checkpoint["_fc.weight"].float(), checkpoint["_fc.bias"].float(), classes),
        original=original,
    )


def _report(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
