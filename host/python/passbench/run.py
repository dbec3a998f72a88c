"""A run directory as an object: what was planned, measured, estimated and judged."""

from __future__ import annotations

import json
from os import PathLike, fspath
from typing import Any

from passbench import _core
from passbench.samples import Samples, map_samples


class Run:
    """One run directory, opened for reading. Made by :func:`passbench.load` and :func:`passbench.run`.

    Every record is checked by the library before it is given; a damaged one raises
    :class:`~passbench.errors.BadRecordError` naming file and place. Times are nanoseconds, sizes bytes, percentages
    fractions, as in the files (results/README.md).
    """

    def __init__(self, path: str | PathLike[str]) -> None:
        self._run = _core.RunDirectory(fspath(path))

    def __repr__(self) -> str:
        return f"<Run {self.path}>"

    @property
    def path(self) -> str:
        """The run directory."""
        return self._run.path

    @property
    def plan(self) -> dict[str, Any]:
        """plan.json: cases, arms, design, and the realised order of every block."""
        return _document(self._run.plan())

    @property
    def status(self) -> dict[str, Any]:
        """status.json: ``state`` is running, interrupted, failed or complete."""
        return _document(self._run.status())

    @property
    def environment(self) -> dict[str, Any]:
        """environment.json: the fingerprint of what was measured on, by arm."""
        return _document(self._run.environments())

    def events(self) -> list[dict[str, Any]]:
        """events.jsonl: trials begun, ended, failed and why, in their order."""
        return [_document(line) for line in self._run.events()]

    def telemetry(self) -> list[dict[str, Any]]:
        """telemetry.jsonl: what was seen beside the samples, one record a trial."""
        return [_document(line) for line in self._run.telemetry()]

    def samples(self, *, verify: bool = True) -> Samples:
        """Every timed iteration as NumPy views on samples.bin, without copying.

        Parameters
        ----------
        verify
            Compare each chunk with its checksum first (about as fast as reading the file).

        Raises
        ------
        BadRecordError
            Where the index or a checksum is wrong.
        """
        return map_samples(self._run, verify=verify)

    def stats(self) -> list[dict[str, Any]]:
        """The estimates of stats.json, one dict a case, metric and arm.

        ``value``, ``lo`` and ``hi`` are in ``unit``; one with ``reference`` is a relative change, positive = worse.
        """
        estimates: list[dict[str, Any]] = _document(self._run.stats())["estimates"]
        return estimates

    def verdicts(self) -> dict[str, Any]:
        """verdict.json: the run's ``word``, its ``reasons``, and the word of every gate in ``gates``."""
        return _document(self._run.verdict())


def _document(text: str) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(text)
    return document
