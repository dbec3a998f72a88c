"""What is planted is found: 0, 3 and 10 % on a simulated device, over 20 seeds.

A 95 % interval misses one planted value in twenty; that it misses more than three of twenty has a chance of 1.6 %.
"""

from __future__ import annotations

import json
import os
import subprocess
from collections import Counter
from pathlib import Path

PROGRAM = os.environ["PASSBENCH_PROGRAM"]
SEEDS = range(1, 21)
PLANTED = {"none": 0.0, "three": 0.03, "ten": 0.10}

SCENARIO = """\
version = 1
title = "planted overheads"
arms = ["base", "none", "three", "ten"]
[[case]]
workload = "stream"
forms = ["cuda"]
axes = {{ bytes = "64 KiB" }}
gate = [{{ metric = "wall", budget = "3 %" }}]
[design]
blocks = 9
trials = 1
iterations = 10
warmup = "1 ms"
warmup_cap = "2 ms"
seed = {seed}
"""


def lab() -> str:
    arms = ['version = 1\n[arm.base]\nprovider = "local"\n']
    for name, overhead in PLANTED.items():
        arms.append(f'[arm.{name}]\nprovider = "local"\n')
        if overhead:
            percent = f"{overhead * 100:g} %"
            arms.append(f'inject = {{ host = "{percent}", device = "{percent}" }}\n')
    return "".join(arms)


def measure(folder: Path, seed: int) -> tuple[list[dict], list[dict]]:
    """The estimates and gates of one run."""
    (folder / "planted.toml").write_text(SCENARIO.format(seed=seed))
    (folder / "planted.lab.toml").write_text(lab())
    command = [PROGRAM, "run", folder / "planted.toml", "--lab", "simulated", "--out", folder / "runs", "--json"]
    environment = {**os.environ, "PASSBENCH_STATE": str(folder / "state")}
    ended = subprocess.run([str(word) for word in command], env=environment, capture_output=True, text=True)
    data = json.loads(ended.stdout)["data"]
    return data["stats"]["estimates"], data["verdict"]["gates"]


def test_intervals_cover_what_was_planted_and_nothing_is_found_where_nothing_was(tmp_path: Path) -> None:
    covered: Counter[str] = Counter()
    for seed in SEEDS:
        estimates, gates = measure(tmp_path, seed)
        for estimate in estimates:
            if "reference" in estimate and estimate["metric"] == "bandwidth":
                covered[estimate["arm"]] += estimate["lo"] <= PLANTED[estimate["arm"]] <= estimate["hi"]
        words = {gate["arm"]: gate["word"] for gate in gates}
        assert words["none"] != "regressed", f"seed {seed}: {gates}"
        assert words["ten"] == "regressed", f"seed {seed}: {gates}"
    for arm in PLANTED:
        assert covered[arm] >= 17, f"{arm}: {covered}"
