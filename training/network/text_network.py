"""The text tower as it is trained: MiniLM's upper layers, the mean over its tokens, the adapter.

Its lower layers are frozen, so their output for a text is computed once and kept (`TokenStates`).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch import nn
from torch.nn import functional

from training.network import towers
from training.network.adapter import TextAdapter
from training.network.precision import computable, reduced

# Layers below this know English; they keep MiniLM's weights.
FIRST_TRAINED_LAYER = 4
LONGEST = 48  # tokens; the longest title has 30
BATCH = 256  # texts of about the same length, so that little is padded


@dataclass(frozen=True)
class PaddedTexts:
    """The states of n texts, (n, t, 384) bfloat16, and which of them are tokens of the text, (n, t)."""

    states: torch.Tensor
    is_token: torch.Tensor

    def with_token_dropout(self, shares: torch.Tensor) -> "PaddedTexts":
        """Drop a random share of the tokens of each text, (n,) `shares`; the first token always stays."""
        kept = torch.rand(self.is_token.shape) >= shares[:, None]
        kept[:, 0] = True
        return PaddedTexts(self.states, self.is_token & kept)


class TokenStates:
    """The states of texts after the frozen layers, stored one after another without padding."""

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

    def read(self, rows: torch.Tensor) -> PaddedTexts:
        """The states of the texts at `rows`, padded to the longest among them."""
        positions = torch.arange(int(self.lengths[rows].max()))
        is_token = positions < self.lengths[rows, None]
        return PaddedTexts(self._states[(self._starts[rows, None] + positions) * is_token], is_token)


class TextNetwork(nn.Module):
    """Untrained, it gives MiniLM's sentence vectors."""

    def __init__(self) -> None:
        super().__init__()
        self.layers = nn.ModuleList(_trained_layers(towers.text_tower()))
        for module in self.layers.modules():
            if isinstance(module, nn.Dropout):
                module.p = 0.0  # whole tokens are dropped instead (`with_token_dropout`), which costs nothing
        self.adapter = TextAdapter()

    def forward(self, texts: PaddedTexts) -> torch.Tensor:
        """n texts to (n, 384) unit rows."""
        states = computable(texts.states)
        mask = torch.zeros(texts.is_token.shape).masked_fill(~texts.is_token, -1e4)[:, None, None]
        with reduced():
            for layer in self.layers:
                states = layer(states, mask.to(states.dtype))
        weights = texts.is_token / texts.is_token.sum(1, keepdim=True)
        mean = (states.float() * weights[..., None]).sum(1)
        vectors: torch.Tensor = self.adapter(functional.layer_norm(mean, mean.shape[-1:], eps=1e-12))
        return vectors

    def encode_rows(self, texts: TokenStates, rows: torch.Tensor, dropped: torch.Tensor) -> torch.Tensor:
        """The texts at `rows` to (n, 384) unit rows, without a share `dropped`, (n,), of their tokens."""
        # Batches of similar length need little padding.
        order = texts.lengths[rows].argsort()
        parts = [
            self(texts.read(rows[part]).with_token_dropout(dropped[part]))
            for part in torch.split(order, BATCH)
        ]
        return torch.cat(parts)[order.argsort()]

    @torch.no_grad()
    def encode(self, texts: TokenStates) -> torch.Tensor:
        """All texts to (n, 384) unit rows, with all tokens and without gradients."""
        return self.encode_rows(texts, torch.arange(len(texts)), torch.zeros(len(texts)))

    @torch.no_grad()
    def read_back(self, model: Any) -> None:
        """Load the trained part from a stock model: the inverse of `write_back`."""
        for ours, theirs in zip(self.layers, _trained_layers(model.text_model), strict=True):
            ours.load_state_dict(theirs.state_dict())
        self.adapter.read_back(model)

    @torch.no_grad()
    def write_back(self, model: Any) -> None:
        """Copy the trained part into a stock model, which holds the frozen part already."""
        for ours, theirs in zip(self.layers, _trained_layers(model.text_model), strict=True):
            theirs.load_state_dict(ours.state_dict())
        self.adapter.write_back(model)


def _trained_layers(tower: Any) -> Sequence[Any]:
    # The last layer takes the mean and belongs to the adapter.
    layers: Sequence[Any] = tower.encoder.layer[FIRST_TRAINED_LAYER:-1]
    return layers


def _lower_layers(tower: Any, tokens: Any) -> torch.Tensor:
    mask = torch.zeros(tokens["attention_mask"].shape).masked_fill(tokens["attention_mask"] == 0, -1e4)
    with torch.inference_mode(), reduced():
        states = tower.embeddings(tokens["input_ids"], token_type_ids=tokens.get("token_type_ids"))
        for layer in tower.encoder.layer[:FIRST_TRAINED_LAYER]:
            states = layer(states, computable(mask[:, None, None].to(torch.bfloat16)))
    lowered: torch.Tensor = states.to(torch.bfloat16)
    return lowered
