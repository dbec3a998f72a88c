#!/usr/bin/env bash
# Controller and agent on Windows: cross-compiled into build/windows, their tests and programs run under wine.
#     run.sh REPOSITORY WORK_FOLDER PASSBENCH
# PASSBENCH is the program of this machine, whose words the other's are compared with. Exits 77 with the reason where compiler or wine
# are missing.
set -euo pipefail
repository=$1 work=$2 native=$3

# shellcheck source=host/tests/windows/wine.sh
. "$repository/host/tests/windows/wine.sh"
need_windows_tools
[ -d /usr/src/googletest ] || { printf 'SKIPPED: there is no googletest here; scripts/setup.sh windows installs it\n' && exit 77; }

build=$repository/build/windows
build_windows "$repository" "$work.build.log" windows_suite
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
passbench() { timeout 600 wine64 "$build/bin/passbench.exe" "$@" </dev/null 2>"$work/err" | tr -d '\r'; }
for host in server-2019-t4 windows-10-rtx-2070 server-2022-36-bit-addresses; do
    fixture=host/simulated/hosts/$host.json
    printf '=== passbench doctor --host %s\n' "$fixture"
    (cd "$repository" && passbench doctor --host "$fixture") >"$work/windows.txt" || true
    (cd "$repository" && "$native" doctor --host "$fixture") >"$work/here.txt" 2>&1 || true
    [ -s "$work/windows.txt" ] || { printf 'FAILED: it says nothing:\n' && cat "$work/err" && failed=1; }
    diff "$work/here.txt" "$work/windows.txt" || failed=1
done
# The agent: this machine is seen to be the same one from Windows, and each case of the strong CPU forms is checked or skipped with its
# reason.
printf '=== passbench-agent probe\n'
(cd "$work" && timeout 60 wine64 "$build/bin/passbench-agent.exe" probe 'probe größe' </dev/null) || failed=1
"$(dirname "$native")/passbench-agent" probe "$work/here" || failed=1
for fact in cpu.model cpus; do
    grep -q "\"$fact\"" "$work/here/environment.json" || { printf 'FAILED: no %s is seen here\n' "$fact" && failed=1; }
    diff <(grep -o "\"$fact\": *[^,]*" "$work/here/environment.json") <(grep -o "\"$fact\": *[^,]*" "$work/probe größe/environment.json") || failed=1
done
grep -q '"gpu.finding": *"gpu.no_driver"' "$work/probe größe/environment.json" || { printf 'FAILED: it finds a driver\n' && failed=1; }
# A driver where Windows looks for it: beside the program, as beside the system's own libraries.
mkdir -p "$work/driver"
cp "$build/bin/passbench-agent.exe" "$build/tests/nvcuda/nvcuda.dll" "$work/driver/"
(cd "$work/driver" && timeout 60 wine64 passbench-agent.exe probe out </dev/null) || failed=1
grep -q '"gpu.model": *"card of the test"' "$work/driver/out/environment.json" || { printf 'FAILED: it does not find its card\n' && failed=1; }
printf "=== passbench run host/tests/windows/agent.toml\n"
(cd "$repository" && passbench run host/tests/windows/agent.toml --scale small --out "$work/runs") >"$work/run.txt" || failed=1
grep -h '"kind":"trial_failed"' "$work"/runs/*/events.jsonl && failed=1
printf '%s trials ended, %s were skipped\n' "$(grep -hc '"kind":"trial_ended"' "$work"/runs/*/events.jsonl)" \
    "$(grep -hc '"kind":"trial_skipped"' "$work"/runs/*/events.jsonl)"
grep -hq '"kind":"trial_ended"' "$work"/runs/*/events.jsonl || { printf 'FAILED: nothing was measured\n' && failed=1; }
grep -h '"kind":"trial_skipped"' "$work"/runs/*/events.jsonl | grep -o '"reason":"[^"]*"' | sort | uniq -c || true
[ "$failed" -eq 0 ] || { printf 'FAILED\n' && exit 1; }
printf 'all passed\n'
