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


@pytest.mark.parametrize("fault", ["", "trial_dies:copy", "unsupported:copy", "wrong_result:copy", "dies"])
def test_records_of_a_run_validate(fault: str, tmp_path: pathlib.Path) -> None:
    (tmp_path / "tmp").mkdir()
    ended = subprocess.run(
        [
            *(os.environ["PASSBENCH_PROGRAM"], "run", ROOT / "scenarios" / "self-check.toml", "--scale", "small"),
            *("--agent", os.environ["PASSBENCH_STAND_IN_AGENT"], "--out", tmp_path / "runs"),
        ],
        env={
            "PATH": os.environ["PATH"],
            "PASSBENCH_STATE": str(tmp_path / "state"),
            "TMPDIR": str(tmp_path / "tmp"),
            "PASSBENCH_FAULT": fault,
        },
        capture_output=True,
        text=True,
    )
    (run,) = (tmp_path / "runs").iterdir()
    seen = set()
    for place, schema, value in records(run):
        seen.add(schema)
        mistakes = [error.message for error in validator(schema).iter_errors(value)]
        assert not mistakes, f"{place}: {mistakes}\n{ended.stderr}"
    always = "plan host environment steps status stats verdict events samples telemetry"
    assert seen >= set(always.split())
