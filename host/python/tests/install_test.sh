#!/usr/bin/env bash
# `pip install .` as a stranger does it: in a clean virtual environment, then the command and the package from elsewhere.
#     install_test.sh REPOSITORY WORK_FOLDER
set -euo pipefail
repository=$1
work=$2
rm -rf "$work"
mkdir -p "$work"
/usr/bin/python3 -m venv "$work/venv"
# By the compiler of the other builds, so that a compiler cache knows what they have compiled.
# shellcheck source=/dev/null
CXX=$(. "$repository/.venv/passbench-toolchain.env" && printf '%s' "$CXX") \
    "$work/venv/bin/pip" install --quiet --disable-pip-version-check "$repository"
cd "$work"
venv/bin/passbench --version
cat >smallest.toml <<'TOML'
version = 1
title = "an installed package measures"
arms = ["local"]
[[case]]
workload = "dispatch"
[design]
blocks = 1
trials = 1
iterations = 5
warmup = "1 ms"
TOML
sed 's/"dispatch"/"launch"/' smallest.toml >launch.toml
venv/bin/python - <<'PYTHON'
import passbench

# Nothing of the package's own may need the sources: not the agent, and not the device that stands in for a GPU.
simulated = passbench.run("launch.toml", lab="simulated", out="runs")
assert simulated.verdicts()["word"] == "measured" and simulated.verdicts()["simulated"], simulated.verdicts()

run = passbench.run("smallest.toml", out="runs")
assert run.verdicts()["word"] == "measured", run.verdicts()
assert run.samples().select(phase="measure").column("wall_ns").size == 5
print("installed package: ok")
PYTHON
