"""passbench in Python: run scenarios, load runs, get every sample as a NumPy view.

>>> import passbench
>>> run = passbench.load("results/runs/20260115T093000Z-first-look-1a2b3c")  # doctest: +SKIP
>>> run.verdicts()["word"]                                                  # doctest: +SKIP
'measured'
"""

from __future__ import annotations

from passbench import _core
from passbench._running import Progress, load, resume, run
from passbench.errors import (
    AgentLostError,
    BadRecordError,
    BusyError,
    ConsentError,
    DeadlineError,
    DeviceLostError,
    InputOutputError,
    InterruptedRunError,
    OutOfMemoryError,
    PassbenchError,
    PlanChangedError,
    PreconditionError,
    QuarantinedError,
    ScenarioError,
    UnsupportedError,
    UsageError,
    VerifyFailedError,
)
from passbench.run import Run
from passbench.samples import Chunk, Samples

__all__ = [
    "AgentLostError",
    "BadRecordError",
    "BusyError",
    "Chunk",
    "ConsentError",
    "DeadlineError",
    "DeviceLostError",
    "InputOutputError",
    "InterruptedRunError",
    "OutOfMemoryError",
    "PassbenchError",
    "PlanChangedError",
    "PreconditionError",
    "Progress",
    "QuarantinedError",
    "Run",
    "Samples",
    "ScenarioError",
    "UnsupportedError",
    "UsageError",
    "VerifyFailedError",
    "_core",
    "load",
    "resume",
    "run",
]
