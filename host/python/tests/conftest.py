"""A small real run, measured once for all tests of this folder."""

from __future__ import annotations

from pathlib import Path

import passbench
import pytest

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
