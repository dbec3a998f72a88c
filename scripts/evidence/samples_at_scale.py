#!/usr/bin/env python3
"""Reading speed and controller memory with 10^6 and 10^7 samples, side by side in one run.

    scripts/evidence/samples_at_scale.py [--build build/release]

Measures two real runs of the workload copy at 4 KiB, a million iterations a trial. Prints the peak resident memory of
the controller for both, and the values per second that a fresh process gets into NumPy: through passbench.load (with
and without checksums) beside numpy.fromfile. Medians of alternating repetitions; the machine's noise is in both.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

SCENARIO = """\
version = 1
title = "many samples"
arms = ["local"]
[[case]]
workload = "copy"
axes = {{ bytes = 4096 }}
[design]
blocks = 1
trials = {trials}
iterations = 1000000
warmup = "1 ms"
"""

# Each prints: number of values, seconds. The sum touches every value; the file is in the page cache for all of them.
READERS = {
    "passbench.load, verified": """
import sys, time, numpy, passbench
start = time.perf_counter()
samples = passbench.load(sys.argv[1]).samples()
values = [v for chunk in samples for v in chunk.columns.values()]
total = sum(int(v.sum()) for v in values)
print(sum(v.size for v in values), time.perf_counter() - start)
""",
    "passbench.load, verify=False": """
import sys, time, numpy, passbench
start = time.perf_counter()
samples = passbench.load(sys.argv[1]).samples(verify=False)
values = [v for chunk in samples for v in chunk.columns.values()]
total = sum(int(v.sum()) for v in values)
print(sum(v.size for v in values), time.perf_counter() - start)
""",
    "numpy.fromfile": """
import sys, time, numpy
start = time.perf_counter()
values = numpy.fromfile(sys.argv[1] + "/samples.bin", dtype="<i8")
total = int(values.sum())
print(values.size, time.perf_counter() - start)
""",
}


def peak_kib(process: subprocess.Popen[bytes]) -> int:
    """Largest VmHWM seen of a process while it runs (its children not counted)."""
    peak = 0
    while process.poll() is None:
        try:
            status = Path(f"/proc/{process.pid}/status").read_text()
        except OSError:
            break
        for line in status.splitlines():
            if line.startswith("VmHWM:"):
                peak = max(peak, int(line.split()[1]))
        time.sleep(0.005)
    return peak


def measure_run(build: Path, folder: Path, trials: int) -> tuple[Path, int]:
    """Runs a scenario of `trials` million samples; gives the run directory and the controller's peak memory in KiB."""
    scenario = folder / f"samples-{trials}.toml"
    scenario.write_text(SCENARIO.format(trials=trials))
    out = folder / str(trials)
    command = [build / "bin/passbench", "run", scenario, "--out", out, "--quiet"]
    with subprocess.Popen([str(part) for part in command], stdout=subprocess.DEVNULL) as process:
        peak = peak_kib(process)
    if process.returncode != 0:
        sys.exit(f"passbench run ended with {process.returncode}")
    (run,) = out.iterdir()
    return run, peak


def rates(build: Path, run: Path, repetitions: int) -> dict[str, list[float]]:
    """Values per second of every reader, one fresh process each, in turn."""
    seen: dict[str, list[float]] = {name: [] for name in READERS}
    for _ in range(repetitions):
        for name, program in READERS.items():
            result = subprocess.run(
                [sys.executable, "-c", program, str(run)],
                env={"PYTHONPATH": str(build / "python")},
                capture_output=True,
                text=True,
                check=True,
            )
            values, seconds = result.stdout.split()
            seen[name].append(int(values) / float(seconds))
    return seen


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--build", type=Path, default=Path(__file__).parents[2] / "build/release")
    parser.add_argument("--repetitions", type=int, default=7)
    arguments = parser.parse_args()
    build = arguments.build.resolve()
    with tempfile.TemporaryDirectory() as name:
        _, small_kib = measure_run(build, Path(name), 1)
        large, large_kib = measure_run(build, Path(name), 10)
        print("controller, peak resident memory")
        print(f"  10^6 samples  {small_kib:8d} KiB")
        print(f"  10^7 samples  {large_kib:8d} KiB   ratio {large_kib / small_kib:.2f}")
        print(f"values read into NumPy in a fresh process, per second (median of {arguments.repetitions})")
        seen = rates(build, large, arguments.repetitions)
        beside = statistics.median(seen["numpy.fromfile"])
        for reader, values in seen.items():
            median = statistics.median(values)
            print(f"  {reader:<30}{median:10.3g}   {median / beside:5.2f} x numpy.fromfile")


if __name__ == "__main__":
    main()
