"""Reading runs: what was measured arrives unchanged, without copies, and damage is told with its place."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import passbench
import pytest


def test_plan_stats_and_verdict_are_the_documents_of_the_run(small_run: Path) -> None:
    run = passbench.load(small_run)
    assert run.plan["sha256"] == json.loads((small_run / "plan.json").read_text())["sha256"]
    assert run.stats() == json.loads((small_run / "stats.json").read_text())["estimates"]
    assert run.verdicts()["word"] == "measured"
    assert run.status["state"] == "complete"
    assert run.environment["arms"]["local"]["identity"]["cpus"] >= 1
    assert any(event["kind"] == "run_ended" for event in run.events())


def test_samples_are_views_on_the_mapped_file(small_run: Path) -> None:
    samples = passbench.load(small_run).samples()
    chunk = samples.select(phase="measure")[0]
    wall = chunk.columns["wall_ns"]
    assert wall.dtype == np.int64
    assert wall.shape == (chunk.n,)
    assert not wall.flags.owndata
    assert not wall.flags.writeable
    base = wall
    while isinstance(base.base, np.ndarray):
        base = base.base
    assert isinstance(base, np.memmap)


def test_every_measured_trial_of_the_plan_is_there_once(small_run: Path) -> None:
    run = passbench.load(small_run)
    plan = run.plan
    expected = {
        (plan["cases"][slot[0]]["name"], plan["arms"][arm], number, slot[1])
        for number, block in enumerate(plan["blocks"])
        for arm in block["arms"]
        for slot in block["slots"]
    }
    chunks = run.samples().select(phase="measure", counts=True)
    seen = [(c.case, c.arm, c.block, c.trial) for c in chunks]
    assert sorted(seen) == sorted(expected)


def test_views_stay_valid_when_the_run_object_is_gone(small_run: Path) -> None:
    wall = passbench.load(small_run).samples().select(phase="measure").column("wall_ns")
    assert (wall > 0).all()


def test_a_flipped_bit_in_the_samples_is_told_with_its_place(small_run: Path, tmp_path: Path) -> None:
    copy = tmp_path / "run"
    shutil.copytree(small_run, copy)
    data = bytearray((copy / "samples.bin").read_bytes())
    data[100] ^= 4
    (copy / "samples.bin").write_bytes(data)
    run = passbench.load(copy)
    with pytest.raises(passbench.BadRecordError, match="checksum") as caught:
        run.samples()
    assert "samples.bin" in caught.value.where
    assert caught.value.fix
    assert len(run.samples(verify=False)) > 0


def test_a_folder_that_is_no_run_raises_a_typed_exception(tmp_path: Path) -> None:
    with pytest.raises(passbench.BadRecordError) as caught:
        passbench.load(tmp_path)
    error = caught.value
    assert error.what
    assert str(tmp_path) in error.where
    assert error.fix
    assert isinstance(error.trail, list)


def test_every_error_code_of_the_library_has_its_exception() -> None:
    classes = {cls.code for cls in passbench.PassbenchError.__subclasses__()}
    assert classes == set(passbench._core.error_codes())
