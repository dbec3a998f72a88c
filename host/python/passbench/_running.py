"""Running scenarios and opening their results: the functions of the package."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from os import PathLike, fspath
from typing import Literal

from passbench import _core
from passbench._programs import program
from passbench.run import Run

_Told = Callable[[int, int, str, int, float], None]


@dataclass(frozen=True)
class Progress:
    """Where a run stands; given to the callback between trials, never inside timed regions.

    Attributes
    ----------
    done, total : int
        Trials measured, and trials that the looks so far ask for.
    arm : str
        The arm that was measured last.
    block : int
        The block it is in, from 0.
    left_s : float
        Estimated seconds left.
    """

    done: int
    total: int
    arm: str
    block: int
    left_s: float


def load(path: str | PathLike[str]) -> Run:
    """Open a run directory for reading.

    Raises
    ------
    BadRecordError
        If it is not a run, or damaged.
    """
    return Run(path)


def run(
    scenario: str | PathLike[str],
    *,
    lab: str | PathLike[str] | None = None,
    out: str | PathLike[str] = "results/runs",
    scale: Literal["full", "small"] = "full",
    progress: Callable[[Progress], object] | None = None,
) -> Run:
    """Run a scenario, as ``passbench run`` does, and open the result.

    Parameters
    ----------
    scenario
        The scenario file.
    lab
        The lab file; by default the one beside the scenario, else this machine alone. ``"simulated"`` is this machine
        with a device that only looks like a GPU, and ``"simulated:FILE"`` the same with the settings of a lab file.
    out
        The folder in which the run directory is made.
    scale
        ``"small"`` shrinks sizes and counts to try things out.
    progress
        Called between trials. An exception in it, as Ctrl-C, interrupts the run (it can be resumed) and is raised.

    Raises
    ------
    ScenarioError
        Where the scenario or lab file is wrong, with file:line:column.
    PassbenchError
        Its subclasses, for whatever else went wrong.
    """
    path = _core.run(
        fspath(scenario),
        "" if lab is None else fspath(lab),
        fspath(out),
        scale == "small",
        program("passbench-agent"),
        _adapter(progress),
    )
    return Run(path)


def resume(
    folder: str | PathLike[str],
    *,
    lab: str | PathLike[str] | None = None,
    progress: Callable[[Progress], object] | None = None,
) -> Run:
    """Go on with an interrupted run: the block that was interrupted is measured again whole, then what is missing.

    Raises
    ------
    PlanChangedError
        If the plan was edited since.
    """
    path = _core.resume(
        fspath(folder), "" if lab is None else fspath(lab), program("passbench-agent"), _adapter(progress)
    )
    return Run(path)


def _adapter(progress: Callable[[Progress], object] | None) -> _Told | None:
    if progress is None:
        return None

    def told(done: int, total: int, arm: str, block: int, left_s: float) -> None:
        progress(Progress(done, total, arm, block, left_s))

    return told
