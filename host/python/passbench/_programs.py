"""Where the package keeps the programs that it carries."""

from __future__ import annotations

from pathlib import Path

from passbench.errors import InputOutputError


def program(name: str) -> str:
    """Path of a program in the package's folder ``bin``.

    Raises
    ------
    InputOutputError
        If it is not there.
    """
    path = Path(__file__).parent / "bin" / name
    if not path.exists():
        raise InputOutputError(
            "the package carries no such program", str(path), "install the package again: pip install ."
        )
    return str(path)
