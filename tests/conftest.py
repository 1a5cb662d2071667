"""What most tests need: the shipped profiles, the model, and estimates of simple requests."""

import functools
import os
import shutil

import pytest

from dcestimate.estimation import estimate
from dcestimate.profile_kinds import GRAPH
from dcestimate.profiles import Library
from dcestimate.request import lines
from dcestimate.rollout.files import read


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


def _program(names, package):
    """The path of a program; without it a test is skipped, but under .ci/run, which installs it, it fails."""
    found = next((path for name in names if (path := shutil.which(name))), None)
    if found is None:
        reason = f"{names[0]} is not here (Debian: apt-get install {package})"
        pytest.fail(reason) if os.environ.get("DCESTIMATE_CI") else pytest.skip(reason)
    return found


@pytest.fixture(scope="session")
def soffice():
    """The path of LibreOffice."""
    return _program(("soffice", "libreoffice"), "libreoffice-calc")


@pytest.fixture(scope="session")
def chromium():
    """The path of a Chromium."""
    return _program(("chromium", "chromium-browser", "google-chrome"), "chromium")


@pytest.fixture
def plan_of(tmp_path, library):
    """The plan of a text or bytes under a name."""
    def _plan(content, name="plan.toml"):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return read(path, library)

    return _plan
