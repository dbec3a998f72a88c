"""Running a scenario from Python: the same flow as the command line, with progress between trials."""

from __future__ import annotations

from pathlib import Path

import passbench
import pytest


def test_progress_is_told_for_every_trial(scenario: Path, tmp_path: Path) -> None:
    seen: list[passbench.Progress] = []
    run = passbench.run(scenario, out=tmp_path / "runs", progress=seen.append)
    assert [p.done for p in seen] == sorted(p.done for p in seen)
    assert seen[-1].done == seen[-1].total
    assert run.verdicts()["word"] == "measured"


def test_a_wrong_scenario_raises_with_line_and_column(tmp_path: Path) -> None:
    path = tmp_path / "wrong.toml"
    path.write_text('version = 1\ntitle = "x"\narms = ["local"]\n[[case]]\nworklaod = "dispatch"\n')
    with pytest.raises(passbench.ScenarioError, match="worklaod") as caught:
        passbench.run(path, out=tmp_path / "runs")
    assert f"{path}:5:1" in str(caught.value)
    assert not (tmp_path / "runs").exists()


def test_an_exception_in_the_callback_stops_the_run_and_it_can_be_resumed(scenario: Path, tmp_path: Path) -> None:
    class Enough(Exception):
        pass

    def stop(progress: passbench.Progress) -> None:
        if progress.done >= 1:
            raise Enough

    with pytest.raises(Enough):
        passbench.run(scenario, out=tmp_path / "runs", progress=stop)
    (folder,) = (tmp_path / "runs").iterdir()
    assert passbench.load(folder).status["state"] == "interrupted"
    assert passbench.resume(folder).status["state"] == "complete"
