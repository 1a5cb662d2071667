"""What most tests need: the shipped profiles, the model, and estimates of simple requests."""

import functools

import pytest

from dcestimate.estimation import estimate
from dcestimate.profile_kinds import GRAPH
from dcestimate.profiles import Library
from dcestimate.request import lines


@pytest.fixture(scope="session")
def library():
    return Library()


@pytest.fixture(scope="session")
def graph():
    return GRAPH


@pytest.fixture(scope="session")
def run(library):
    """Estimate a request: run("100k", "gb200", "us-east-1", cooling="dlc-tower")."""

    @functools.cache
    def _run(count, chip, region="us-east-1", settings=(), **designs):
        return estimate(library, lines(library, count, chip, region, settings=settings, **designs))

    return _run
