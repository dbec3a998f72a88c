# shellcheck shell=bash
# Programs of Windows, made and run here. Sourced by what tries them, never run.

PATH=$PATH:/usr/lib/wine # where Debian and Ubuntu have it

# need_windows_tools: ends with 77 and the reason where compiler or wine are missing.
need_windows_tools() {
    local program
    for program in x86_64-w64-mingw32-g++-posix wine64 wineserver64; do
        command -v "$program" >/dev/null && continue
        printf 'SKIPPED: there is no %s here; scripts/setup.sh windows installs it\n' "$program"
        exit 77
    done
}

# build_windows REPOSITORY LOG TARGET...: into build/windows, as scripts/package-windows.sh does.
build_windows() {
    local repository=$1 log=$2
    shift 2
    # shellcheck disable=SC2016  # for the other shell
    (cd "$repository" && bash -c '. scripts/lib/common.sh && . scripts/lib/build.sh && configure windows ON && build windows "$@"' \
        build "$@") >"$log" 2>&1 || { printf 'FAILED: it does not build:\n' && tail -60 "$log" && exit 1; }
}

# start_wine FOLDER: a wine of its own, which ends with this script. Its services take the streams of who starts them and would keep
# ctest waiting for the end of the pipe.
start_wine() {
    mkdir -p "$1"
    export WINEPREFIX=$1 WINEDEBUG=-all WINEDLLOVERRIDES="mscoree,mshtml=" LC_ALL=C.UTF-8
    trap 'wineserver64 -k </dev/null >/dev/null 2>&1 || true' EXIT
    if ! { wineserver64 -p && timeout 120 wine64 cmd /c exit; } </dev/null >"$1.log" 2>&1; then
        printf 'FAILED: wine does not start:\n' && cat "$1.log"
        exit 1
    fi
}
