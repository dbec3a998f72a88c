# shellcheck shell=bash
# Shared by the scripts of this repository: messages, and a step that shows progress. Sourced, never run.
# Messages go to stderr, because the stdout of scripts/run.sh belongs to passbench (--json).

PROGRAM=$(basename "$0" .sh)
REPO=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
# shellcheck disable=SC2034  # used by the scripts that source this
VENV=$REPO/.venv

say() { printf '%s: %s\n' "$PROGRAM" "$*" >&2; }

# die CODE WHAT FIX: exit codes are those of passbench (2 usage, 4 infrastructure).
die() {
    printf '%s: error: %s\n' "$PROGRAM" "$2" >&2
    [ -z "${3:-}" ] || printf '%s:   fix: %s\n' "$PROGRAM" "$3" >&2
    exit "$1"
}

TICKER_PID=
stop_ticker() {
    [ -n "$TICKER_PID" ] || return 0
    kill "$TICKER_PID" 2>/dev/null || true
    wait "$TICKER_PID" 2>/dev/null || true
    TICKER_PID=
    [ ! -t 2 ] || printf '\r\033[K' >&2
}
trap stop_ticker EXIT

# Shows TEXT once the step has taken 2 s, then its newest line of output: rewritten each second on a terminal, a plain
# line each 15 s elsewhere.
tick() {
    local text=$1 log=$2 started=$SECONDS shown=0 line
    while sleep 1 >/dev/null 2>&1 && kill -0 $$ 2>/dev/null; do
        local seconds=$((SECONDS - started))
        [ "$seconds" -ge 2 ] || continue
        line=$(tail -c 2000 "$log" 2>/dev/null | tr '\r' '\n' | grep -v '^[[:space:]]*$' | tail -n 1 | tr -cd '[:print:]' || true)
        if [ -t 2 ]; then
            printf '\r\033[K%.*s' "$((${COLUMNS:-100} - 1))" "$PROGRAM: $text, $seconds s: $line" >&2
        elif [ "$shown" -eq 0 ]; then
            say "$text"
            shown=$seconds
        elif [ $((seconds - shown)) -ge 15 ]; then
            say "  $seconds s: ${line:0:100}"
            shown=$seconds
        fi
    done
}

# step TEXT LOG COMMAND...: runs COMMAND in the foreground with its output in LOG. Nothing is shown when it ends within
# 2 s; its exit code is returned and the end of LOG is shown when it fails.
step() {
    local text=$1 log=$2 started=$SECONDS rc=0
    shift 2
    mkdir -p "$(dirname "$log")"
    : >"$log"
    tick "$text" "$log" 9>&- & # 9: the lock of scripts/setup.sh, which a child must not keep
    TICKER_PID=$!
    "$@" >"$log" 2>&1 </dev/null 9>&- || rc=$?
    stop_ticker
    if [ "$rc" -ne 0 ]; then
        say "$text: failed with exit code $rc after $((SECONDS - started)) s; the end of ${log#"$REPO"/}:"
        tail -n 40 "$log" | sed 's/^/    /' >&2
    elif [ $((SECONDS - started)) -ge 2 ]; then
        if [ -t 2 ]; then say "$text: done in $((SECONDS - started)) s"; else say "  done in $((SECONDS - started)) s"; fi
    fi
    return "$rc"
}
