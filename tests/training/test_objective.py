"""The terms of the loss."""

import numpy as np
import pytest
import torch
from torch.nn import functional

from training.captions.truth import FALSE, TRUE, UNKNOWN
from training.learning import objective


def test_true_captions_compete_with_false_ones_only():
    logits = torch.tensor([[5.0, 5.0, 0.0, 9.0]])
    labels = torch.tensor([[TRUE, TRUE, FALSE, UNKNOWN]])
    assert objective.pairwise_loss(logits, labels).item() == pytest.approx(np.log1p(np.exp(-5)), rel=1e-4)


def test_retention_is_zero_for_vectors_that_only_turned():
    torch.manual_seed(1)
    vectors = functional.normalize(torch.randn(8, 5), dim=-1)
    turn, _ = torch.linalg.qr(torch.randn(5, 5))
    assert objective.retention_loss(vectors @ turn, vectors).item() == pytest.approx(0, abs=1e-9)
    assert (
        objective.retention_loss(vectors.roll(1, 1) * torch.tensor([1, 1, 1, 1, 0.1]), vectors).item() > 0.01
    )


def test_pushed_features_are_what_the_classifier_takes_for_the_class():
    torch.manual_seed(1)
    features = torch.rand(50, 16)
    teacher = objective.Teacher(torch.randn(6, 16), torch.zeros(6), torch.tensor([4, 5]))
    pushed = teacher.pushed(features, objective.covariance_of(features))
    share = teacher.logits(pushed).argmax(1).ge(4).float().mean().item()
    assert share > teacher.logits(features).argmax(1).ge(4).float().mean().item()
    assert pushed.min() >= 0
