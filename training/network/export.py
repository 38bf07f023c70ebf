"""Export of a trained model as a stock checkpoint: float16 on disk, float32 in memory."""

import json
import tempfile
from pathlib import Path
from typing import Any

import torch

from search.encoding.checksums import write_sums
from training.network import towers
from training.network.model import Tandem

LIMIT = 80_000_000  # bytes of weights, so that a repository can hold the file


def export(trained: Tandem, folder: Path) -> None:
    """Write config, tokenizer, processor, float16 weights and their checksums into `folder`, file by file.

    Raises ValueError when the weights are larger than LIMIT.
    """
    model = towers.dual_encoder()
    trained.pictures.write_back(model.vision_model)
    trained.text.write_back(model)
    with torch.no_grad():
        model.visual_projection.weight.copy_(trained.head.weight)
        model.logit_scale.copy_(trained.scale)
    save(model, folder)


def save(model: Any, folder: Path) -> None:
    """Write a dual encoder as `export` does; it is in half precision afterwards."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent) as name:
        # Beside the folder, because a file replaces another only within one file system.
        aside = Path(name)
        model.half().save_pretrained(aside)
        towers.processor().save_pretrained(aside)
        _set_load_dtype(aside / "config.json")
        if (aside / "model.safetensors").stat().st_size > LIMIT:
            raise ValueError(f"The weights are larger than {LIMIT:,} bytes.")
        for file in sorted(aside.iterdir()):
            file.chmod(0o644)
            file.replace(folder / file.name)
    write_sums(folder)


def _set_load_dtype(path: Path) -> None:
    # Without it transformers loads float16, which is ten times slower on a CPU.
    config = json.loads(path.read_text())
    config["dtype"] = "float32"
    for tower in ("text_config", "vision_config"):
        config[tower]["dtype"] = "float32"
    path.write_text(json.dumps(config, indent=2) + "\n")
