"""An experiment on the small shop."""

import pytest

from analytics.experiments import running
from analytics.models import Experiment
from tests.search.shop import NOW


@pytest.fixture
def experiment(db):
    """``experiment(freshness=5.0)`` starts one in which everybody takes part."""

    def begin(**varied):
        planned = Experiment.objects.create(**{"name": "Trial", "share": 100, **varied})
        running.start(planned, NOW)
        return planned

    return begin
