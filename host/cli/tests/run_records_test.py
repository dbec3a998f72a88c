"""Every record of runs that the program really made validates against its schema.

python -m pytest run_records_test.py     with PASSBENCH_PROGRAM and PASSBENCH_STAND_IN_AGENT = the programs to use
"""

import os
import pathlib
import subprocess
import sys

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[3]
sys.path.insert(0, str(ROOT / "harness" / "records" / "tests"))
from schema_test import records, validator  # noqa: E402

LOADED = """\
version = 1
[[case]]
workload = "fma"
forms = ["cpu"]
[load]
cpu = 1
"""


def check_records(scenario: pathlib.Path, fault: str, folder: pathlib.Path) -> pathlib.Path:
    """Runs it with the stand-in agent; the run directory, whose records are all valid and of every kind."""
    (folder / "tmp").mkdir()
    ended = subprocess.run(
        [
            *(os.environ["PASSBENCH_PROGRAM"], "run", scenario, "--scale", "small"),
            *("--agent", os.environ["PASSBENCH_STAND_IN_AGENT"], "--out", folder / "runs"),
        ],
        env={
            "PATH": os.environ["PATH"],
            "PASSBENCH_STATE": str(folder / "state"),
            "TMPDIR": str(folder / "tmp"),
            "PASSBENCH_FAULT": fault,
        },
        capture_output=True,
        text=True,
    )
    (run,) = (folder / "runs").iterdir()
    seen = set()
    for place, schema, value in records(run):
        seen.add(schema)
        mistakes = [error.message for error in validator(schema).iter_errors(value)]
        assert not mistakes, f"{place}: {mistakes}\n{ended.stderr}"
    always = "plan host environment steps status stats verdict events samples telemetry"
    assert seen >= set(always.split())
    return run


@pytest.mark.parametrize("fault", ["", "trial_dies:copy", "unsupported:copy", "wrong_result:copy", "dies"])
def test_records_of_a_run_validate(fault: str, tmp_path: pathlib.Path) -> None:
    check_records(ROOT / "scenarios" / "self-check.toml", fault, tmp_path)


def test_records_of_a_run_beside_a_load_validate(tmp_path: pathlib.Path) -> None:
    (tmp_path / "loaded.toml").write_text(LOADED)
    run = check_records(tmp_path / "loaded.toml", "", tmp_path)
    assert '"load":' in (run / "plan.json").read_text()
    assert "load.cpu_ns" in (run / "telemetry.jsonl").read_text()
