"""The terms of the loss.

- `pairwise_loss`: every true caption nearer than every false one, both ways. A true entry of a row competes
  with the false ones only, so that ten true ones may all come first.
- `gap_loss`: no modality gap between the two means, so that a picture and words can be mixed.
- `Teacher` and `retention_loss`: what the towers knew before. The classifier's probabilities of fashion
  classes, on real features and on features pushed towards classes that no training picture shows; MiniLM's
  similarities between ordinary texts.
"""

from dataclasses import dataclass

import torch
from torch.nn import functional

from training.captions.truth import FALSE, TRUE, UNKNOWN

GAP_WEIGHT = 4.0
SAME_KIND_WEIGHT, SAME_KIND_SCALE = 0.2, 10.0
CLASS_WEIGHT = 0.25
LOGITS_WEIGHT, LOGITS_TEMPERATURE = 0.1, 2.0
RETENTION_WEIGHT = 16.0
# A step sees the title and two of the other four slots.
SLOT_WEIGHTS = {"title": 1.0, "colour": 1.4, "detail": 1.0, "single": 1.0, "brand": 1.0}


def pairwise_loss(logits: torch.Tensor, truth: torch.Tensor) -> torch.Tensor:
    """Mean of -log(p / (p + sum of false)) over each row's true entries; rows without any are left out.

    logits: (r, c) scaled cosines; truth: (r, c) FALSE, UNKNOWN or TRUE.
    """
    against = logits.masked_fill(truth != FALSE, -1e4).logsumexp(1, keepdim=True)
    true = truth == TRUE
    counts = true.sum(1)
    rows = counts > 0
    loss = (functional.softplus(against - logits) * true).sum(1)
    return (loss[rows] / counts[rows]).mean()


def same_kind_loss(vectors: torch.Tensor, kinds: torch.Tensor) -> torch.Tensor:
    """Pictures of one kind nearer to each other than to others; (n, d) unit rows and (n,) kind numbers."""
    truth = (kinds[:, None] == kinds).to(torch.int8) * TRUE
    truth.fill_diagonal_(UNKNOWN)
    return SAME_KIND_WEIGHT * pairwise_loss(SAME_KIND_SCALE * vectors @ vectors.T, truth)


def gap_loss(images: torch.Tensor, texts: torch.Tensor) -> torch.Tensor:
    return GAP_WEIGHT * (images.mean(0) - texts.mean(0)).square().sum()


def retention_loss(encoded: torch.Tensor, original: torch.Tensor) -> torch.Tensor:
    """Mean squared change of the cosines between (n, d) unit rows against those of the original vectors."""
    original = functional.normalize(original, dim=-1)
    return RETENTION_WEIGHT * (encoded @ encoded.T - original @ original.T).square().mean()


@dataclass
class Teacher:
    """EfficientNet-Lite0's own classifier over pooled features, and the classes that shops sell."""

    weight: torch.Tensor
    bias: torch.Tensor
    classes: torch.Tensor

    def logits(self, features: torch.Tensor) -> torch.Tensor:
        return features @ self.weight.T + self.bias

    def fashion_probabilities(self, features: torch.Tensor) -> torch.Tensor:
        """(n, 1280) pooled features to (n, classes) probabilities among the fashion classes."""
        return self.logits(features)[:, self.classes].softmax(1)

    def distillation_loss(self, features: torch.Tensor, original: torch.Tensor) -> torch.Tensor:
        """Distil all 1,000 classes from the original features into the trained ones."""
        t = LOGITS_TEMPERATURE
        wanted = (self.logits(original) / t).softmax(1)
        loss = functional.kl_div((self.logits(features) / t).log_softmax(1), wanted, reduction="batchmean")
        return LOGITS_WEIGHT * t * t * loss

    def class_loss(self, similarities: torch.Tensor, original: torch.Tensor) -> torch.Tensor:
        """KL divergence of scaled similarities to the class names from the classifier's probabilities."""
        return CLASS_WEIGHT * functional.kl_div(
            similarities.log_softmax(1), self.fashion_probabilities(original), reduction="batchmean"
        )

    def pushed(self, features: torch.Tensor, covariance: torch.Tensor) -> torch.Tensor:
        """Features moved until a random fashion class leads by 2 to 6.

        The step follows the (1280, 1280) `covariance`, along which real features vary, instead of the bare
        weights.
        """
        n = len(features)
        wanted = self.classes[torch.randint(len(self.classes), (n,))]
        logits = self.logits(features)
        leading = logits.argmax(1)
        direction = self.weight[wanted] - self.weight[leading]
        step = direction @ covariance
        lead = (logits.gather(1, leading[:, None]) - logits.gather(1, wanted[:, None]))[:, 0]
        length = (lead + 2 + 4 * torch.rand(n)).clamp(min=0) / (direction * step).sum(1).clamp(min=1e-6)
        return (features + length[:, None] * step).clamp(min=0)


def covariance_of(features: torch.Tensor) -> torch.Tensor:
    """The (d, d) covariance of (n, d) features, regularised on its diagonal."""
    centred = features - features.mean(0)
    covariance = centred.T @ centred / len(features)
    return covariance + 0.3 * covariance.diagonal().mean() * torch.eye(features.shape[1])
