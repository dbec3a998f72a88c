#!/usr/bin/env bash
# What a lab host is given: made, unpacked where nothing of this build lies beside it, and run under wine.
#     package.sh REPOSITORY WORK_FOLDER PASSBENCH
# PASSBENCH is the program of this machine, whose words the other's are compared with. Exits 77 with the reason where compiler or wine
# are missing.
set -euo pipefail
repository=$1 work=$2 native=$3
# shellcheck source=host/tests/windows/wine.sh
. "$repository/host/tests/windows/wine.sh"
need_windows_tools

"$repository/scripts/package-windows.sh" >"$work.log" 2>&1 || { printf 'FAILED: it cannot be made:\n' && tail -40 "$work.log" && exit 1; }
rm -rf "$work"
mkdir -p "$work/lab größe" "$work/state"
cd "$work/lab größe"
python3 -m zipfile -e "$repository/build/windows/passbench-windows.zip" .
cd passbench-windows

failed=0
fail() { printf 'FAILED: %s\n' "$1" && failed=1; }
sha256sum -c --quiet SHA256SUMS || fail "a file is not what SHA256SUMS says"
find . -type f ! -path ./SHA256SUMS | sort >"$work/there"
sed 's/^[0-9a-f]*  //' SHA256SUMS | sort | diff - "$work/there" || fail "SHA256SUMS names other files than there are"
for file in README.txt LICENSE bin/passbench.exe bin/passbench-agent.exe bin/passbench-sim-host.exe powershell/PassBench.Runner.ps1 \
    powershell/PassBench.psm1 scenarios/t4-dda.toml docs/hyperv.md guest-bundle/passbench-agent; do
    [ -s "$file" ] || fail "there is no $file"
done
for program in bin/*.exe; do
    grep -qa '<longPathAware' "$program" || fail "$program does not say that it takes long paths"
done

start_wine "$work/wine"
export PASSBENCH_STATE=$work/state
passbench() { timeout 300 wine64 bin/passbench.exe "$@" </dev/null 2>"$work/err" | tr -d '\r'; }
# same WHAT ARGUMENTS...: says what this machine's program says.
same() {
    local what=$1
    shift
    printf '=== %s\n' "$what"
    passbench "$@" >"$work/windows.txt" || true
    "$native" "$@" >"$work/here.txt" 2>"$work/err.here" || true
    [ -s "$work/windows.txt" ] || { cat "$work/err" && fail "it says nothing"; }
    diff "$work/here.txt" "$work/windows.txt" || fail "$what differs"
}
same "passbench --version" --version
same "doctor of a recorded host" doctor --host emulation/hosts/server-2025-rtx-a5000.json
same "the steps of a scenario" run scenarios/dda-against-gpupv.toml --lab simulated --scale small --dry-run

# The agent beside it measures this machine's processor; the verdict is the noise's.
printf '=== a run on this machine\n'
code=0
passbench run scenarios/self-check.toml --scale small --out "$work/runs" >"$work/run.txt" || code=$?
tail -3 "$work/run.txt"
case $code in 0 | 1 | 3) ;; *) cat "$work/run.txt" "$work/err" && fail "it ended with exit code $code" ;; esac
grep -q '"phase":"measure"' "$work"/runs/*/samples.jsonl || fail "nothing was measured"
grep -q '"kind":"trial_failed"' "$work"/runs/*/events.jsonl && fail "a trial failed"
[ "$failed" -eq 0 ] || { printf 'FAILED\n' && exit 1; }
printf 'all passed, %s MB\n' "$(du -m "$repository/build/windows/passbench-windows.zip" | cut -f1)"
