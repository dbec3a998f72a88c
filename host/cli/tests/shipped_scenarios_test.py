"""Every scenario in scenarios/ runs: small and on the simulated device, and the one of the CPU small and for real.

python -m pytest shipped_scenarios_test.py     with PASSBENCH_PROGRAM = the program to use
"""

from __future__ import annotations

import json
import os
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
SCENARIOS = sorted(path for path in (ROOT / "scenarios").glob("*.toml") if "lab." not in path.name)
# 5: the hypervisor took so much CPU time from a trial that its value is invalid, which no test can prevent.
MEASURED = {0, 5}
INCONCLUSIVE = 3  # what a gate comes to after two blocks


def run_small(scenario: Path, folder: Path, *more: str) -> tuple[int, Path]:
    """The exit code and the run directory."""
    folder.joinpath("tmp").mkdir()
    ended = subprocess.run(
        [os.environ["PASSBENCH_PROGRAM"], "run", scenario, "--scale", "small", "--out", folder / "runs", *more],
        env={**os.environ, "PASSBENCH_STATE": str(folder / "state"), "TMPDIR": str(folder / "tmp")},
        capture_output=True,
        text=True,
    )
    runs = list((folder / "runs").glob("*"))
    assert len(runs) == 1, ended.stderr
    assert (runs[0] / "verdict.json").exists(), ended.stderr
    return ended.returncode, runs[0]


def document(run: Path, name: str) -> dict:
    return json.loads((run / name).read_text())


def outcomes(run: Path) -> list[dict]:
    """How the trials ended, one event each."""
    events = [json.loads(line) for line in (run / "events.jsonl").read_text().splitlines()]
    return [event for event in events if event["kind"] in {"trial_ended", "trial_skipped", "trial_failed"}]


def check(run: Path, exit_code: int) -> None:
    plan = document(run, "plan.json")
    gated = len(plan["arms"]) > 1 and any(case["gates"] for case in plan["cases"])
    verdict = document(run, "verdict.json")
    assert exit_code in (MEASURED | {INCONCLUSIVE} if gated else MEASURED), verdict["reasons"]
    trials = sum(len(block["slots"]) for block in plan["blocks"]) * len(plan["arms"])
    ends = outcomes(run)
    assert len(ends) == trials
    assert not [(event["case"], event["facts"]) for event in ends if event["kind"] == "trial_failed"]
    # What cannot run here has a reason, and is not all that there is.
    assert all(event["facts"]["reason"] for event in ends if event["kind"] == "trial_skipped")
    assert any(event["kind"] == "trial_ended" for event in ends)


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda path: path.stem)
def test_runs_simulated_and_small(scenario: Path, tmp_path: Path) -> None:
    exit_code, run = run_small(scenario, tmp_path, "--lab", "simulated")
    check(run, exit_code)
    cuda = any(case["form"] == "cuda" for case in document(run, "plan.json")["cases"])
    assert document(run, "status.json")["simulated"] == cuda


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda path: path.stem)
def test_opens_with_who_runs_it_when_and_how_long(scenario: Path) -> None:
    comment = scenario.read_text().partition("version = 1")[0]
    assert all(line.startswith("# ") for line in comment.splitlines()), comment
    assert re.search(r"[Ff]or (whoever|people|everybody)", comment), "who?"
    assert re.search(r"\b(minutes?|seconds)\b", comment), "how long?"


def test_cpu_baselines_run_for_real(tmp_path: Path) -> None:
    exit_code, run = run_small(ROOT / "scenarios" / "cpu-baselines.toml", tmp_path)
    check(run, exit_code)
    assert document(run, "status.json")["simulated"] is False
    estimates = document(run, "stats.json")["estimates"]
    assert any(estimate.get("of_limit", 0) > 0 for estimate in estimates), "no value has a percent of a limit"
