"""Samples of a run as NumPy views on the run's samples.bin: nothing is copied, the file is mapped."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from passbench import _core
from passbench.errors import BadRecordError

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass(frozen=True)
class Chunk:
    """The iterations of one phase of one trial.

    Attributes
    ----------
    case, arm, phase : str
        The case's canonical name, the arm, and ``cold``, ``warmup`` or ``measure``.
    block, trial, attempt : int
        Where it belongs; only chunks of the counting attempt of a block enter statistics.
    first, n, ops : int
        Number of the first iteration, number of iterations, operations an iteration.
    simulated : bool
        True where a stand-in produced it.
    counts : bool
        True where ``attempt`` is the one that counts for its block.
    columns : dict of str to ndarray, shape (n,), int64 or float64, read-only
        By column name; the suffix is the unit, ``wall_ns`` is nanoseconds an iteration.
    """

    case: str
    arm: str
    block: int
    trial: int
    attempt: int
    phase: str
    first: int
    n: int
    ops: int
    simulated: bool
    counts: bool
    columns: dict[str, NDArray[Any]]


class Samples:
    """All chunks of a run, in the order they were written; iterable, with a length.

    Use :meth:`select` to narrow down and :meth:`column` to get one array.
    """

    def __init__(self, chunks: list[Chunk]) -> None:
        self._chunks = chunks

    def __iter__(self) -> Iterator[Chunk]:
        return iter(self._chunks)

    def __len__(self) -> int:
        return len(self._chunks)

    def __getitem__(self, index: int) -> Chunk:
        return self._chunks[index]

    def __repr__(self) -> str:
        return f"<Samples: {len(self)} chunks, {sum(chunk.n for chunk in self)} iterations>"

    def select(self, **wanted: Any) -> Samples:
        """The chunks whose attributes equal all of ``wanted``, e.g. ``select(arm="dda", phase="measure")``.

        Raises
        ------
        AttributeError
            For a name that :class:`Chunk` does not have.
        """
        return Samples([c for c in self if all(getattr(c, name) == value for name, value in wanted.items())])

    def column(self, name: str) -> NDArray[Any]:
        """The values of one column of all chunks, shape (sum of n,); a view where there is one chunk, else a copy.

        Raises
        ------
        KeyError
            If a chunk has no such column.
        ValueError
            If there is no chunk.
        """
        if len(self) == 1:
            return self._chunks[0].columns[name]
        return np.concatenate([chunk.columns[name] for chunk in self])


def map_samples(run: _core.RunDirectory, *, verify: bool) -> Samples:
    """Map a run's samples. ``verify`` compares every chunk with its checksum.

    Raises
    ------
    BadRecordError
        Where the index or a checksum is wrong.
    """
    path = Path(run.path) / "samples.bin"
    rows = run.index()
    attempts = run.counting_attempts()
    mapped: NDArray[np.uint8] = np.memmap(path, dtype=np.uint8, mode="r") if rows else np.empty(0, np.uint8)
    chunks = []
    for row in rows:
        at, n = row["at"], row["n"]
        if verify and _core.crc32c(mapped[at : at + row["size_bytes"]].data) != row["crc32c"]:
            raise BadRecordError(
                f"the samples of {row['case']}, arm {row['arm']}, block {row['block']}, trial {row['trial']} "
                "do not fit their checksum",
                f"{path}:{at}",
                "restore the file from a copy, or load with verify=False to look at it all the same",
            )
        columns = {
            name: mapped[at + offset : at + offset + 8 * n].view(kind)
            for name, (kind, offset) in row["columns"].items()
        }
        chunks.append(
            Chunk(
                case=row["case"],
                arm=row["arm"],
                block=row["block"],
                trial=row["trial"],
                attempt=row["attempt"],
                phase=row["phase"],
                first=row["first"],
                n=n,
                ops=row["ops"],
                simulated=row["simulated"],
                counts=attempts.get(row["block"]) == row["attempt"],
                columns=columns,
            )
        )
    return Samples(chunks)
