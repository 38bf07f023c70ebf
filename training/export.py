"""What was trained, written as a stock checkpoint: half the bytes on disk, full precision in memory."""

import json
import tempfile
from pathlib import Path

import torch

from . import towers
from .model import Tandem

LIMIT = 60_000_000  # bytes of weights that a repository can carry


def export(trained: Tandem, folder: Path) -> None:
    """Write config, tokenizer, processor and float16 weights into `folder`, replacing file by file.

    Raises ValueError when the weights are larger than LIMIT.
    """
    model = towers.dual_encoder()
    trained.pictures.write_back(model.vision_model)
    trained.text.write_back(model)
    with torch.no_grad():
        model.visual_projection.weight.copy_(trained.head.weight)
        model.logit_scale.copy_(trained.scale)
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent) as beside:
        aside = Path(beside)
        model.half().save_pretrained(aside)
        towers.processor().save_pretrained(aside)
        _name_the_type_to_load(aside / "config.json")
        if (aside / "model.safetensors").stat().st_size > LIMIT:
            raise ValueError(f"The weights are larger than {LIMIT:,} bytes.")
        for file in sorted(aside.iterdir()):
            file.chmod(0o644)
            file.replace(folder / file.name)


def _name_the_type_to_load(path: Path) -> None:
    # Else float16 is loaded as such, and float16 on a CPU is ten times slower.
    config = json.loads(path.read_text())
    config["dtype"] = "float32"
    for tower in ("text_config", "vision_config"):
        config[tower]["dtype"] = "float32"
    path.write_text(json.dumps(config, indent=2) + "\n")
