#!/usr/bin/env bash
# The controller on Windows: cross-compiled into build/windows, its tests and programs run under wine.
#     run.sh REPOSITORY CMAKE WORK_FOLDER PASSBENCH
# PASSBENCH is the program of this machine, whose words the other's are compared with. Exits 77 with the reason where compiler or wine
# are missing.
set -euo pipefail
repository=$1 cmake=$2 work=$3 native=$4

# shellcheck source=host/tests/windows/wine.sh
. "$repository/host/tests/windows/wine.sh"
need_windows_tools
[ -d /usr/src/googletest ] || { printf 'SKIPPED: there is no googletest here; scripts/setup.sh windows installs it\n' && exit 77; }

build=$repository/build/windows
build_windows "$cmake" "$repository" "$work.build.log" windows_suite
rm -rf "$work"
mkdir -p "$work/state größe"
start_wine "$work/wine"

failed=0
for tests in tests/core_tests tests/engine_tests bin/windows_tests; do
    printf '=== %s\n' "$tests"
    (cd "$repository" && timeout 600 wine64 "$build/$tests.exe" --gtest_brief=1 </dev/null 2>&1) || failed=1
done

# The program itself says of recorded hosts what it says on this machine.
export PASSBENCH_STATE="$work/state größe"
passbench() { timeout 60 wine64 "$build/bin/passbench.exe" "$@" </dev/null 2>"$work/err" | tr -d '\r'; }
for host in server-2019-t4 windows-10-rtx-2070 server-2022-36-bit-addresses; do
    fixture=host/simulated/hosts/$host.json
    printf '=== passbench doctor --host %s\n' "$fixture"
    (cd "$repository" && passbench doctor --host "$fixture") >"$work/windows.txt" || true
    (cd "$repository" && "$native" doctor --host "$fixture") >"$work/here.txt" 2>&1 || true
    [ -s "$work/windows.txt" ] || { printf 'FAILED: it says nothing:\n' && cat "$work/err" && failed=1; }
    diff "$work/here.txt" "$work/windows.txt" || failed=1
done
[ "$failed" -eq 0 ] || { printf 'FAILED\n' && exit 1; }
printf 'all passed\n'
