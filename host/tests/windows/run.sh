#!/usr/bin/env bash
# The controller on Windows: cross-compiled into build/windows, its tests and programs run under wine.
#     run.sh REPOSITORY CMAKE WORK_FOLDER PASSBENCH
# PASSBENCH is the program of this machine, whose words the other's are compared with. Exits 77 with the reason where compiler or wine
# are missing.
set -euo pipefail
repository=$1 cmake=$2 work=$3 native=$4

skip() {
    printf 'SKIPPED: there is no %s here; scripts/setup.sh windows installs it\n' "$1"
    exit 77
}
PATH=$PATH:/usr/lib/wine # where Debian and Ubuntu have it
for program in x86_64-w64-mingw32-g++-posix wine64 wineserver64; do
    command -v "$program" >/dev/null || skip "$program"
done
[ -d /usr/src/googletest ] || skip /usr/src/googletest

build=$repository/build/windows
"$cmake" -S "$repository" --preset windows -DBUILD_TESTING=ON >"$work.configure.log" 2>&1 ||
    { printf 'FAILED: it does not configure:\n' && tail -40 "$work.configure.log" && exit 1; }
"$cmake" --build "$build" --target windows_suite >"$work.build.log" 2>&1 ||
    { printf 'FAILED: it does not build:\n' && grep -E -A5 'error|FAILED' "$work.build.log" | head -60 && exit 1; }

# A wine of its own. Its services take the streams of who starts them and would keep ctest waiting for the end of the pipe.
rm -rf "$work"
mkdir -p "$work/wine" "$work/state größe"
export WINEPREFIX=$work/wine WINEDEBUG=-all WINEDLLOVERRIDES="mscoree,mshtml=" LC_ALL=C.UTF-8
trap 'wineserver64 -k </dev/null >/dev/null 2>&1 || true' EXIT
start_wine() { wineserver64 -p && timeout 120 wine64 cmd /c exit; }
if ! start_wine </dev/null >"$work/wine.log" 2>&1; then
    printf 'FAILED: wine does not start:\n' && cat "$work/wine.log"
    exit 1
fi

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
