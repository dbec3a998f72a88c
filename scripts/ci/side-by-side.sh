#!/usr/bin/env bash
# Builds some test programs and runs each whole, in one process, all at once: scripts/ci/side-by-side.sh PRESET PROGRAM...
#
# For programs of very many small tests under a sanitizer: started anew for each test, as ctest does, they take twice as long.
set -euo pipefail
# shellcheck source=scripts/lib/common.sh
. "$(dirname "${BASH_SOURCE[0]}")/../lib/common.sh"
# shellcheck source=scripts/lib/build.sh
. "$REPO/scripts/lib/build.sh"

preset=$1
shift
configure "$preset" ON
build "$preset" "$@"
cd "$REPO"
# Side by side, for each has one thread for most of its time.
pids=()
for program; do
    PASSBENCH_PROPERTY_SECONDS=10 "build/$preset/tests/$program" --gtest_brief=1 &
    pids+=($!)
done
failed=0
for pid in "${pids[@]}"; do wait "$pid" || failed=1; done
exit "$failed"
