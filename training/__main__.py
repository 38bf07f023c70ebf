"""Build the bundled encoder from its two towers and the two collections.

    python -m training --fashion DATA/fashion --clothing DATA/clothing --out search/encoding/bundled

Trains the picture and text towers, the picture tower on hard views (training.robustness), then the
projection of the frozen branch (training.second_branch): the form that ships. On two cores without AMX,
with the settings below, an end-to-end round took three to four minutes and the rest an hour and a half,
before products in other colours made a quarter more pictures: by reckoning seven to eight hours by default
now, and 12 GB of scratch space. The model card has what 18 rounds gave. A later training run,
`--start CHECKPOINT --seed 1 --rounds 5`, continues from the checkpoint of an earlier one, on new views.
These three settings of glibc, in the environment, make it about three times as fast, because memory is then
kept instead of being mapped and unmapped at every step:
MALLOC_MMAP_THRESHOLD_=8589934592 MALLOC_TRIM_THRESHOLD_=17179869184 MALLOC_TOP_PAD_=268435456
"""

import argparse
import tempfile
from collections.abc import Sequence
from pathlib import Path

import torch

from training.inputs import read_items
from training.network.export import export
from training.robustness import Stage, make_robust
from training.run import Plan, report, train
from training.second_branch import Branch, add_branch


def main(arguments: Sequence[str] | None = None) -> None:
    options = _parser().parse_args(arguments)
    torch.set_num_threads(options.threads)
    with tempfile.TemporaryDirectory() as scratch:
        work = options.work or Path(scratch)
        work.mkdir(parents=True, exist_ok=True)
        items = read_items(options.fashion, options.clothing, work, threads=options.threads)
        plan = Plan(options.rounds, options.views, seed=options.seed, start=options.start)
        trained, robust = work / "trained", work / "robust"
        export(train(items, work, plan), trained)
        report(f"The trained towers are in {trained}.")
        make_robust(items, work, Stage(trained, robust, seed=options.seed, threads=options.threads))
        add_branch(items, work, Branch(robust, options.out, seed=options.seed, threads=options.threads))


def _parser() -> argparse.ArgumentParser:
    summary = (__doc__ or "").partition("\n")[0]  # python -OO drops docstrings
    parser = argparse.ArgumentParser(prog="python -m training", description=summary)
    parser.add_argument(
        "--fashion", type=Path, required=True, help="folder with products.csv and its pictures"
    )
    parser.add_argument(
        "--clothing", type=Path, required=True, help="folder with one folder of photos per kind"
    )
    parser.add_argument("--out", type=Path, required=True, help="folder for the checkpoint")
    parser.add_argument(
        "--work", type=Path, help="folder for views and state; a run continues from the files in it"
    )
    parser.add_argument(
        "--rounds",
        type=int,
        default=Plan.rounds,
        help="passes over the pictures, end to end (default %(default)s)",
    )
    parser.add_argument(
        "--views", type=int, default=Plan.views, help="random views of a picture (default %(default)s)"
    )
    parser.add_argument("--seed", type=int, default=Plan.seed, help="random seed (default %(default)s)")
    parser.add_argument("--start", type=Path, help="a checkpoint to continue from")
    parser.add_argument("--threads", type=int, default=2, help="cores to use (default %(default)s)")
    return parser


if __name__ == "__main__":
    main()
