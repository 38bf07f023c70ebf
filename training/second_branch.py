"""Put a frozen ImageNet branch beside the picture tower of a trained encoder.

    python -m training.second_branch --fashion DATA/fashion --clothing DATA/clothing \\
        --start CHECKPOINT --out search/encoding/bundled

Computes the features of a clean and some hard views of every training picture, and trains the projection of
the frozen branch on them. `--work` keeps the features for another run. `python -m training` ends with it.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
import torch

from training.captions.writer import CaptionWriter
from training.collections.features import HardRenderer, cached, features_of
from training.collections.items import Item
from training.collections.photo_colours import name_colours
from training.inputs import CAPTIONS_PER_SLOT, encoded_captions, picture_digest, read_items
from training.learning.corpus import CaptionTruth
from training.learning.second_head import fit
from training.network.export import save
from training.network.two_branches import FEATURES, joined, read_single, two_branches, weighted
from training.run import report

ROUNDS = 14


@dataclass(frozen=True)
class Branch:
    """The checkpoint of the trained tower, where the one of both goes, and how the projection is trained."""

    start: Path
    out: Path
    views: int = 1
    seed: int = 0
    threads: int = 2


def main(arguments: Sequence[str] | None = None) -> None:
    options = _parser().parse_args(arguments)
    torch.set_num_threads(options.threads)
    with tempfile.TemporaryDirectory() as scratch:
        work = options.work or Path(scratch)
        work.mkdir(parents=True, exist_ok=True)
        items = read_items(options.fashion, options.clothing, work, threads=options.threads)
        branch = Branch(options.start, options.out, options.views, options.seed, options.threads)
        add_branch(items, work, branch)


def add_branch(items: Sequence[Item], work: Path, branch: Branch) -> None:
    """Train the projection on the items that are not held out, and write the checkpoint of both branches.

    `work` keeps what was computed from this checkpoint for another run.
    """
    started = time.monotonic()
    items = name_colours(items)
    kept = work / f"branch-{picture_digest(branch.start)}"
    kept.mkdir(exist_ok=True)
    positions = [number for number, item in enumerate(items) if not item.is_held_out]
    model = read_single(branch.start)
    tower = two_branches(model.vision_model)
    renderer = HardRenderer(items, branch.seed)
    views = [
        cached(
            kept / f"features-{branch.seed}-{each}.npy",
            partial(features_of, tower, renderer, positions, each),
        )
        for each in range(branch.views + 1)
    ]
    report(f"{len(views)} views of {len(positions)} pictures")
    written = CaptionWriter(items, per_slot=CAPTIONS_PER_SLOT, seed=branch.seed).write()
    captions = encoded_captions(written, work, branch.start, seed=branch.seed, threads=branch.threads)
    report(f"{len(captions)} captions")
    known = CaptionTruth(items, written)
    head = fit(
        [view[:, FEATURES:] for view in views],
        torch.tensor(positions),
        captions,
        known.draw,
        known.truth,
        known.kinds,
        rounds=ROUNDS,
        seed=branch.seed,
    )
    clean = torch.from_numpy(np.asarray(views[0], np.float32))
    projection = weighted(head.projection(), model.visual_projection.weight.detach(), clean)
    save(joined(model, tower, projection), branch.out)
    minutes = (time.monotonic() - started) / 60
    report(
        f"The checkpoint with both branches is in {branch.out}, after {minutes:.0f} minutes for the second."
    )


def _parser() -> argparse.ArgumentParser:
    summary = (__doc__ or "").partition("\n")[0]  # python -OO drops docstrings
    parser = argparse.ArgumentParser(prog="python -m training.second_branch", description=summary)
    for name in ("fashion", "clothing", "start", "out"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    parser.add_argument("--work", type=Path, help="folder for features; a run continues from the files in it")
    parser.add_argument("--views", type=int, default=1, help="hard views of a picture (default %(default)s)")
    parser.add_argument("--seed", type=int, default=0, help="random seed (default %(default)s)")
    parser.add_argument("--threads", type=int, default=2, help="cores to use (default %(default)s)")
    return parser


if __name__ == "__main__":
    main()
