"""Learning from events, in one process at a time."""

import pytest

from analytics.events import learning
from analytics.tasks import learn_from_events
from tests.catalog.locks import held_elsewhere


@pytest.fixture(autouse=True)
def own_folder(settings, tmp_path):
    settings.DATA_DIR = tmp_path


@pytest.mark.django_db
def test_a_process_leaves_it_to_another_that_is_learning(noon):
    with held_elsewhere("learning from events"):
        assert learning.learn(now=noon) is None
        assert learning.learn_if_due(now=noon) is None
        assert learn_from_events() == learning.IS_LEARNING
    assert learning.learn(now=noon) == learning.Learned(popular=0, pairs=0)
