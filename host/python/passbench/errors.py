"""Exceptions of passbench: one class for each error code of the library.

Every exception keeps the parts of the message: ``what`` happened, ``where`` (file:line:column, a path, a case), the
``fix`` and the ``trail`` of steps that led there, outermost last.
"""

from __future__ import annotations


class PassbenchError(Exception):
    """Base of all errors of the library.

    Attributes
    ----------
    code : str
        The documented error code, as ``passbench help CODE`` explains it.
    what, where, fix : str
        What happened, where, and what to do about it; ``where`` may be empty.
    trail : list of str
        The path there, outermost last.
    """

    code = "error"

    def __init__(self, what: str, where: str = "", fix: str = "", trail: list[str] | None = None) -> None:
        super().__init__(what, where, fix, trail or [])
        self.what = what
        self.where = where
        self.fix = fix
        self.trail = trail or []

    def __str__(self) -> str:
        place = f"{self.where}: " if self.where else ""
        steps = "".join(f"\n  while {step}" for step in self.trail)
        cure = f"\n  {self.fix}" if self.fix else ""
        return f"{place}{self.what}{steps}{cure}"


class UsageError(PassbenchError):
    """A wrong argument or option."""

    code = "usage"


class ScenarioError(PassbenchError):
    """The scenario or lab file is wrong; ``where`` is file:line:column."""

    code = "scenario"


class PlanChangedError(PassbenchError):
    """The plan of a run is not the one that it was begun with."""

    code = "plan_changed"


class PreconditionError(PassbenchError):
    """Something that has to hold before the work does not hold."""

    code = "precondition"


class ConsentError(PassbenchError):
    """A step needs consent that lab.toml does not give."""

    code = "consent"


class BusyError(PassbenchError):
    """Another controller has the host; may be tried again."""

    code = "busy"


class UnsupportedError(PassbenchError):
    """This machine or this build cannot do it."""

    code = "unsupported"


class DeadlineError(PassbenchError):
    """Something took longer than its deadline."""

    code = "timeout"


class AgentLostError(PassbenchError):
    """The agent could not be started or was lost."""

    code = "agent_lost"


class BadRecordError(PassbenchError):
    """A record is damaged, foreign or of an unknown version; ``where`` names file and line."""

    code = "bad_record"


class VerifyFailedError(PassbenchError):
    """A workload computed a wrong result."""

    code = "verify_failed"


class DeviceLostError(PassbenchError):
    """The device is gone."""

    code = "device_lost"


class OutOfMemoryError(PassbenchError):
    """There is not enough memory."""

    code = "out_of_memory"


class InputOutputError(PassbenchError):
    """A file could not be read or written."""

    code = "io"


class QuarantinedError(PassbenchError):
    """A resource could not be given back and waits to be cleared."""

    code = "quarantined"


class InterruptedRunError(PassbenchError):
    """The run was stopped before its end; it can be resumed."""

    code = "interrupted"


_BY_CODE = {cls.code: cls for cls in PassbenchError.__subclasses__()}


def error_of(code: str, what: str, where: str, fix: str, trail: list[str]) -> PassbenchError:
    """The exception that stands for an error of the library; not raised here."""
    return _BY_CODE.get(code, PassbenchError)(what, where, fix, trail)
