"""Make the trained picture tower of an encoder robust: photos that are blurred, turned, dark or cluttered.

    python -m training.robustness --fashion DATA/fashion --clothing DATA/clothing \\
        --start CHECKPOINT --out search/encoding/bundled

The texts keep their vectors. Of a checkpoint with a frozen branch that branch keeps its projection, which
depends on neither, but for its weight. `--work` keeps views and captions' vectors for another run.
`python -m training` trains this between the towers and the frozen branch.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from transformers import VisionTextDualEncoderModel

from search.encoding.two_branches import TwoBranchesModel, register
from training.captions.writer import CaptionWriter
from training.collections.features import HardRenderer
from training.collections.items import Item
from training.collections.photo_colours import name_colours
from training.collections.views import ViewCache
from training.inputs import CAPTIONS_PER_SLOT, encoded_captions, read_items
from training.learning.corpus import CaptionTruth
from training.learning.optimising import in_channels_last, move_towards
from training.learning.robustness import Material, Robustness
from training.network import towers
from training.network.export import save
from training.network.model import Tandem
from training.network.two_branches import FEATURES, weighted
from training.run import report

ROUNDS = 8
MEASURED = 512  # pictures whose vectors' lengths are compared
BATCHES = 16


@dataclass(frozen=True)
class Stage:
    """The checkpoint to start from, where the other goes, and how it is trained.

    `start_share`, in 0..1, is that of the checkpoint's weights in the mean of them and the trained ones,
    which keeps what training costs (Wortsman et al. 2022, "Robust fine-tuning of zero-shot models").
    """

    start: Path
    out: Path
    rounds: int = ROUNDS
    views: int = 2
    seed: int = 0
    threads: int = 2
    start_share: float = 0.0


def main(arguments: Sequence[str] | None = None) -> None:
    options = _parser().parse_args(arguments)
    torch.set_num_threads(options.threads)
    with tempfile.TemporaryDirectory() as scratch:
        work = options.work or Path(scratch)
        work.mkdir(parents=True, exist_ok=True)
        items = read_items(options.fashion, options.clothing, work, threads=options.threads)
        stage = Stage(
            options.start,
            options.out,
            options.rounds,
            options.views,
            options.seed,
            options.threads,
            options.start_share,
        )
        make_robust(items, work, stage)


def make_robust(items: Sequence[Item], work: Path, stage: Stage) -> None:
    """Train on the items that are not held out, and write the checkpoint."""
    items = name_colours(items)
    positions = [number for number, item in enumerate(items) if not item.is_held_out]
    renderer, untrained = HardRenderer(items, stage.seed), Tandem()
    in_channels_last(untrained.pictures)
    views = ViewCache(work, f"hard-{stage.seed}", renderer, positions)
    hard_views = range(1, stage.views + 1)
    views.build(untrained.pictures, [0, *hard_views], processes=stage.threads)
    report(f"{stage.views} hard views of {len(positions)} pictures")
    written = CaptionWriter(items, per_slot=CAPTIONS_PER_SLOT, seed=stage.seed).write()
    captions = encoded_captions(written, work, stage.start, seed=stage.seed, threads=stage.threads)
    material = Material(
        np.array(positions, np.int64),
        views,
        hard_views,
        views.pooled(untrained.pictures, 0),
        CaptionTruth(items, written),
        captions,
        # Of what was recoloured, the vector before may be that of the colour before.
        torch.tensor([items[each].source != "recoloured" for each in positions]),
    )
    trained = Robustness(Tandem.from_checkpoint(stage.start), material, seed=stage.seed).fit(
        stage.rounds, report
    )
    move_towards(trained, Tandem.from_checkpoint(stage.start), stage.start_share)
    clean = [np.asarray(renderer(each, 0)) for each in positions[:: max(1, len(positions) // MEASURED)]]
    save(_replaced(stage.start, trained, np.stack(clean)), stage.out)
    report(f"The checkpoint with the robust tower is in {stage.out}.")


def _replaced(start: Path, trained: Tandem, pictures: NDArray[np.uint8]) -> Any:
    """The encoder of the checkpoint, with the trained tower; clean `pictures` give the branches' weight."""
    register()
    model: Any = VisionTextDualEncoderModel.from_pretrained(start, dtype=torch.float32)
    model.eval()
    tower, projection = model.vision_model, model.visual_projection.weight
    has_both = isinstance(tower, TwoBranchesModel)
    trained.pictures.write_back(tower.trained if has_both else tower)
    with torch.no_grad():
        projection[:, :FEATURES] = trained.head.weight
        if has_both:
            parts = [tower(towers.pixels(part)).pooler_output for part in np.array_split(pictures, BATCHES)]
            own, other = projection[:, :FEATURES], projection[:, FEATURES:]
            projection[:, FEATURES:] = weighted(other, own, torch.cat(parts))
    return model


def _parser() -> argparse.ArgumentParser:
    summary = (__doc__ or "").partition("\n")[0]  # python -OO drops docstrings
    parser = argparse.ArgumentParser(prog="python -m training.robustness", description=summary)
    for name in ("fashion", "clothing", "start", "out"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    parser.add_argument("--work", type=Path, help="folder for views; a run continues from the files in it")
    for name, what in (
        ("rounds", "passes over the pictures"),
        ("views", "hard views of a picture"),
        ("seed", "random seed"),
        ("threads", "cores to use"),
    ):
        default = getattr(Stage, name)
        parser.add_argument(f"--{name}", type=int, default=default, help=f"{what} (default %(default)s)")
    parser.add_argument(
        "--start-share",
        type=float,
        default=Stage.start_share,
        metavar="SHARE",
        help="of the start's weights in the mean of them and the trained ones, 0..1 (default %(default)s)",
    )
    return parser


if __name__ == "__main__":
    main()
