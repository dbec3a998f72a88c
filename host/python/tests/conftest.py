"""A small real run, measured once for all tests of this folder."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import passbench
import pytest

# A state folder of our own: a run of somebody else's on this machine must not keep its lock from these tests.
_state = tempfile.TemporaryDirectory(prefix="passbench-test-state-")
os.environ["PASSBENCH_STATE"] = _state.name

SCENARIO = """\
version = 1
title = "the smallest real run"
arms = ["local"]

[[case]]
workload = "dispatch"
axes = { wait = ["spin", "block"] }

[design]
blocks = 2
trials = 1
iterations = 20
warmup = "1 ms"
seed = 7
"""


@pytest.fixture(scope="session")
def scenario(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("scenario") / "smallest.toml"
    path.write_text(SCENARIO)
    return path


@pytest.fixture(scope="session")
def small_run(scenario: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return Path(passbench.run(scenario, out=tmp_path_factory.mktemp("runs")).path)
