#!/usr/bin/env bash
# The driver layer on Windows: cross-compiled, and run under wine with a made-up nvcuda.dll, without one, and with what is no library.
#     windows_test.sh REPOSITORY WORK_FOLDER CUDA_INCLUDE HEADERS...
# HEADERS are folders of header libraries (tl, fmt). Exits 77 with the reason where compiler or wine are missing.
set -euo pipefail
repository=$1 work=$2 cuda_include=$3
shift 3

compiler=x86_64-w64-mingw32-g++-posix
skip() {
    printf 'SKIPPED: there is no %s here; scripts/setup.sh windows installs it\n' "$1"
    exit 77
}
command -v $compiler >/dev/null || skip $compiler
PATH=$PATH:/usr/lib/wine # where Debian and Ubuntu have it
for program in wine64 wineserver64; do command -v $program >/dev/null || skip $program; done

rm -rf "$work/program"
mkdir -p "$work/program" "$work/include"
# Linked one by one: the folder they stand in is that of this machine's own headers.
for header in "$@"; do ln -sfn "$header" "$work/include/$(basename "$header")"; done
flags=(-std=c++20 -O0 -static -Wall -Wextra -Werror -DFMT_HEADER_ONLY
    "-I$repository" -isystem "$work/include" -isystem "$cuda_include")
cd "$repository"
$compiler "${flags[@]}" -municode -o "$work/program/load_driver.exe" kernels/cuda/tests/windows/load_driver.cpp \
    kernels/cuda/{driver,driver_trouble,gpu,kernel_log,memory_guard,memory_rules,uuid_text}.cpp harness/core/{error,findings,open_library,units}.cpp \
    harness/core/findings/*.cpp
$compiler "${flags[@]}" -shared -o "$work/nvcuda.dll" kernels/cuda/tests/windows/nvcuda.cpp

# A wine of its own. Its services take the streams of who starts them and would keep ctest waiting for the end of the pipe.
export WINEPREFIX=$work/wine WINEDEBUG=-all WINEDLLOVERRIDES="mscoree,mshtml=" LC_ALL=C.UTF-8
mkdir -p "$WINEPREFIX"
trap 'wineserver64 -k </dev/null >/dev/null 2>&1 || true' EXIT
start_wine() { wineserver64 -p && timeout 120 wine64 cmd /c exit; }
if ! start_wine </dev/null >"$work/wine.log" 2>&1; then
    printf 'FAILED: wine does not start:\n' && cat "$work/wine.log"
    exit 1
fi

# expect WHAT EXIT WORDS... -- ARGUMENTS...: the program ends so, and each of the words is in what it prints.
expect() {
    local what=$1 exit=$2 words=() said code=0
    shift 2
    while [ "$1" != -- ]; do words+=("$1") && shift; done
    shift
    said=$(cd "$work/program" && timeout 60 wine64 load_driver.exe "$@" </dev/null 2>&1) || code=$?
    printf '%s: exit %d\n%s\n\n' "$what" "$code" "$said"
    [ "$code" -eq "$exit" ] || { printf 'FAILED: exit %d was expected\n' "$exit" && exit 1; }
    for word in "${words[@]}"; do
        [[ $said == *"$word"* ]] || { printf 'FAILED: it does not say: %s\n' "$word" && exit 1; }
    done
}

expect "without a driver" 1 "unsupported gpu.no_driver" "there is no CUDA driver here: nvcuda.dll: " "(error 126)" \
    "Pass a card through to this machine" --
printf 'this is no library\n' >"$work/program/nvcuda.dll"
expect "with a file that is no library" 1 "unsupported gpu.no_driver" "nvcuda.dll: " "(error 193)" --
cp "$work/nvcuda.dll" "$work/program/"
expect "with a driver" 0 "API 12080, simulated 0, card of the test" --
mkdir -p "$work/program/größe"
cp "$work/nvcuda.dll" "$work/program/größe/"
expect "named as a stand-in, which it is not" 1 "precondition" "does not say that it simulates" -- 'größe\nvcuda.dll'
