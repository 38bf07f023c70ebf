"""The text tower as it is trained: MiniLM's upper layers, the mean over its tokens, the adapter.

Its lower layers are frozen, so what they make of a text is computed once and kept (`TokenStates`).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch import nn
from torch.nn import functional

from . import towers
from .adapter import TextAdapter

# Layers below this know English; they are kept as MiniLM's authors made them.
FIRST_TRAINED_LAYER = 4
LONGEST = 48  # tokens; the longest title has 30
BATCH = 256  # texts of about the same length, so that little is padded


@dataclass(frozen=True)
class Padded:
    """The states of n texts, (n, t, 384) bfloat16, and which of them are tokens of the text, (n, t)."""

    states: torch.Tensor
    is_token: torch.Tensor

    def thinned(self, shares: torch.Tensor) -> "Padded":
        """Without a random share of the tokens of each; the first, which stands for the whole text, stays."""
        kept = torch.rand(self.is_token.shape) >= shares[:, None]
        kept[:, 0] = True
        return Padded(self.states, self.is_token & kept)


class TokenStates:
    """What the frozen layers make of texts, without padding one after another in memory."""

    def __init__(self, texts: Sequence[str]) -> None:
        tower, tokenizer = towers.text_tower(), towers.processor().tokenizer
        parts = [torch.empty(0)] * len(texts)
        order = sorted(range(len(texts)), key=lambda row: len(texts[row]))
        for start in range(0, len(order), BATCH):
            rows = order[start : start + BATCH]
            tokens = tokenizer(
                [texts[row] for row in rows],
                padding=True,
                truncation=True,
                max_length=LONGEST,
                return_tensors="pt",
            )
            states, lengths = _lower_layers(tower, tokens), tokens["attention_mask"].sum(1).tolist()
            for row, of_text, length in zip(rows, states, lengths, strict=True):
                parts[row] = of_text[:length]
        self.lengths = torch.tensor([len(part) for part in parts])
        self._starts = self.lengths.cumsum(0) - self.lengths
        self._states = torch.cat(parts)

    def __len__(self) -> int:
        return len(self.lengths)

    def read(self, rows: torch.Tensor) -> Padded:
        """The texts of the given rows, padded to the longest among them."""
        places = torch.arange(int(self.lengths[rows].max()))
        is_token = places < self.lengths[rows, None]
        return Padded(self._states[(self._starts[rows, None] + places) * is_token], is_token)


class TextNetwork(nn.Module):
    """Begins in MiniLM's own space: untrained, it gives MiniLM's sentence vectors."""

    def __init__(self) -> None:
        super().__init__()
        self.layers = nn.ModuleList(_trained_layers(towers.text_tower()))
        for module in self.layers.modules():
            if isinstance(module, nn.Dropout):
                module.p = 0.0  # whole tokens are left out instead (`Padded.thinned`), which costs nothing
        self.adapter = TextAdapter()

    def forward(self, texts: Padded) -> torch.Tensor:
        """n texts to (n, 384) unit rows."""
        states = texts.states
        mask = torch.zeros(texts.is_token.shape).masked_fill(~texts.is_token, -1e4)[:, None, None]
        with torch.autocast("cpu", dtype=torch.bfloat16):
            for layer in self.layers:
                states = layer(states, mask.to(states.dtype))
        weights = texts.is_token / texts.is_token.sum(1, keepdim=True)
        mean = (states.float() * weights[..., None]).sum(1)
        return self.adapter(functional.layer_norm(mean, mean.shape[-1:], eps=1e-12))

    def of_rows(self, texts: TokenStates, rows: torch.Tensor, thinned: torch.Tensor) -> torch.Tensor:
        """The texts of the given rows to (n, 384) unit rows, without a share `thinned` (n,) of the tokens."""
        order = texts.lengths[rows].argsort()
        parts = [self(texts.read(rows[part]).thinned(thinned[part])) for part in order.split(BATCH)]
        return torch.cat(parts)[order.argsort()]

    @torch.no_grad()
    def encode(self, texts: TokenStates) -> torch.Tensor:
        """All texts to (n, 384) unit rows, whole and without gradients."""
        return self.of_rows(texts, torch.arange(len(texts)), torch.zeros(len(texts)))

    @torch.no_grad()
    def read_back(self, model: Any) -> None:
        """Take the trained part out of a stock checkpoint: `write_back` turned round."""
        for ours, theirs in zip(self.layers, _trained_layers(model.text_model), strict=True):
            ours.load_state_dict(theirs.state_dict())
        self.adapter.read_back(model)

    @torch.no_grad()
    def write_back(self, model: Any) -> None:
        """Put the trained part into the stock class; what is frozen is there already."""
        for ours, theirs in zip(self.layers, _trained_layers(model.text_model), strict=True):
            theirs.load_state_dict(ours.state_dict())
        self.adapter.write_back(model)


def _trained_layers(tower: Any) -> Sequence[Any]:
    """MiniLM's upper layers; the one behind them takes the mean, and is the adapter's."""
    layers: Sequence[Any] = tower.encoder.layer[FIRST_TRAINED_LAYER:-1]
    return layers


def _lower_layers(tower: Any, tokens: Any) -> torch.Tensor:
    mask = torch.zeros(tokens["attention_mask"].shape).masked_fill(tokens["attention_mask"] == 0, -1e4)
    with torch.inference_mode(), torch.autocast("cpu", dtype=torch.bfloat16):
        states = tower.embeddings(tokens["input_ids"], token_type_ids=tokens.get("token_type_ids"))
        for layer in tower.encoder.layer[:FIRST_TRAINED_LAYER]:
            states = layer(states, mask[:, None, None].to(torch.bfloat16))
    return states.to(torch.bfloat16)
