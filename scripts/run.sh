#!/usr/bin/env bash
# Sets this machine up, builds what is needed and starts passbench: scripts/run.sh [VERB ARGUMENTS...]
#
# Without arguments it runs the main job, scenarios/first-look.toml: real numbers of this machine after about a minute,
# and the first time after a few more for set-up and build.
# Every argument goes to passbench (scripts/run.sh --help shows its manual), and paths are those of the folder you are in.
set -euo pipefail
# shellcheck source=scripts/lib/common.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib/common.sh"
# shellcheck source=scripts/lib/build.sh
. "$REPO/scripts/lib/build.sh"

"$REPO/scripts/setup.sh" run
configure release OFF
build release passbench passbench-agent passbench-sim-host passbench_emulated_cuda

if [ $# -eq 0 ]; then
    cd "$REPO" # so that results/runs is the repository's
    set -- run scenarios/first-look.toml
    if [[ $(build/release/bin/passbench doctor --json 2>/dev/null) != *'"gpu.present": true'* ]]; then
        say "no usable GPU here (passbench doctor says why): the cuda cases run on a simulated device, --lab simulated"
        set -- "$@" --lab simulated
    fi
fi
exec "$REPO/build/release/bin/passbench" "$@"
