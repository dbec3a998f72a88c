#!/usr/bin/env bash
# Prepares this machine: scripts/setup.sh [run|smoke|test|windows|report]   (default: run)
#
#   run      what scripts/run.sh needs: compiler, CMake, libraries, the CUDA compiler; and into build/, where they can be had, the
#            CPU libraries that workloads are measured with
#   smoke    run, and what the tests of the smoke label need
#   test     smoke, and what all tests and scripts/lint.sh need
#   windows  run, and what cross-building for Windows and trying it under wine needs
#   report   run, and a browser that the HTML report is tried in
#
# For Debian 12 and Ubuntu 22.04 / 24.04 on x86-64, as root or as a user with sudo. Only what is missing is installed:
# packages by apt, Python packages into .venv beside this folder, and the CUDA compiler into .venv too where the machine
# has no nvcc 13. PASSBENCH_NO_INSTALL=1 installs nothing, lists what is missing with the commands, and exits 4.
# May be interrupted and started again at any time.
set -euo pipefail
# shellcheck source=scripts/lib/common.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib/common.sh"
# shellcheck source=scripts/lib/debian_mirror.sh
. "$REPO/scripts/lib/debian_mirror.sh"

readonly PACKAGES_RUN="g++ cmake ninja-build libtomlplusplus-dev nlohmann-json3-dev libcli11-dev libfmt-dev
    libexpected-dev python3 python3-venv python3-dev git ca-certificates"
readonly PACKAGES_SMOKE="libgtest-dev libgmock-dev libbenchmark-dev"
# The linters are named with their version: another one formats and warns differently.
readonly PACKAGES_TEST="ccache clang-14 clang-format-14 clang-tidy-14 libclang-rt-14-dev shellcheck debootstrap openssh-client openssh-server"
readonly PACKAGES_WINDOWS="g++-mingw-w64-x86-64-posix wine64 googletest"
readonly PACKAGES_REPORT="chromium"

readonly NVCC_MAJOR=13
readonly TOOLCHAIN=$VENV/passbench-toolchain.env  # NVCC=, CMAKE=, CXX= for the scripts that build
readonly UNFINISHED=$VENV/.unfinished             # is there while pip works: a .venv that has it is made anew
readonly LOGS=$REPO/build/logs
readonly AGENT_SYSROOT=$REPO/build/agent-sysroot  # what the agent is linked against, where it can be had
readonly GUEST_LIBRARIES=$REPO/build/guest-libraries # what it loads, where they can be had

usage() { sed -n '2,15s/^# \{0,1\}//p' "${BASH_SOURCE[0]}"; }

check_platform() {
    [ "$(uname -s)-$(uname -m)" = Linux-x86_64 ] ||
        die 4 "this is $(uname -s) on $(uname -m); the set-up knows Linux on x86-64 only" \
            "use a Debian 12 or Ubuntu 22.04 / 24.04 machine or container"
    if ! command -v dpkg-query >/dev/null || ! command -v apt-get >/dev/null; then
        die 4 "this machine has no apt-get; the set-up knows Debian and Ubuntu only" \
            "install by hand what is named in PACKAGES_RUN of scripts/setup.sh, or use a Debian 12 container"
    fi
    CODENAME=$(. /etc/os-release && printf '%s' "${VERSION_CODENAME:-unknown}")
}

# The packages of a set on this release, one line.
packages_of() {
    local packages
    case $1 in
        run) packages=$PACKAGES_RUN ;;
        smoke) packages="$PACKAGES_RUN $PACKAGES_SMOKE" ;;
        test) packages="$PACKAGES_RUN $PACKAGES_SMOKE $PACKAGES_TEST" ;;
        windows) packages="$PACKAGES_RUN $PACKAGES_WINDOWS" ;;
        report) packages="$PACKAGES_RUN $PACKAGES_REPORT" ;;
    esac
    case $CODENAME in
        jammy) # its g++ is 11; its clang-14 brings the sanitizer runtimes itself
            packages=${packages/g++ /g++-12 }
            packages=${packages/libclang-rt-14-dev/}
            ;;
        trixie) # has no clang 14 any more; scripts/lint.sh says so and is skipped there
            packages=${packages/clang-14 clang-format-14 clang-tidy-14 libclang-rt-14-dev/}
            ;;
    esac
    # shellcheck disable=SC2086
    echo $packages # unquoted: joins the lines
}

requirements_of() {
    case $1 in
        smoke | test) printf '%s/requirements/%s.txt' "$REPO" "$1" ;;
        *) printf '%s/requirements/run.txt' "$REPO" ;;
    esac
}

missing_packages() {
    local installed
    # dpkg-query fails when it does not know one of the names: that is an answer, not an error.
    # shellcheck disable=SC2086
    installed=$(dpkg-query -W -f '${db:Status-Status} ${Package}\n' $1 2>/dev/null | sed -n 's/^installed //p') || true
    # shellcheck disable=SC2086
    comm -23 <(printf '%s\n' $1 | LC_ALL=C sort) <(printf '%s\n' "$installed" | LC_ALL=C sort) | paste -sd ' '
}

# Sets SUDO to what must stand before apt-get.
need_root() {
    SUDO=
    [ "$(id -u)" -ne 0 ] || return 0
    command -v sudo >/dev/null ||
        die 4 "packages are missing and neither root nor sudo is at hand" "as root: $APT_COMMAND"
    SUDO=sudo
    if ! sudo -n true 2>/dev/null; then
        [ -t 0 ] || die 4 "packages are missing and sudo asks for a password" "as root: $APT_COMMAND"
        say "packages are missing; sudo asks for your password to install them"
        sudo -v || die 4 "sudo refused" "as root: $APT_COMMAND"
    fi
}

# shellcheck disable=SC2086
install_packages() {
    local apt="$SUDO env DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=300"
    if [ -n "$(dpkg --audit 2>/dev/null)" ]; then # left by an installation that was interrupted
        step "$(progress) finishing an interrupted installation" "$LOGS/setup-dpkg.log" \
            $SUDO env DEBIAN_FRONTEND=noninteractive dpkg --configure -a ||
            die 4 "dpkg could not finish what was begun" "see build/logs/setup-dpkg.log, then: dpkg --configure -a"
    fi
    # A mirror that does not answer is no error yet: the lists that are there may do.
    step "$(progress) reading the package lists" "$LOGS/setup-update.log" $apt update || true
    step "$(progress) installing $# packages: $*" "$LOGS/setup-packages.log" $apt install -y --no-install-recommends "$@" ||
        die 4 "apt-get could not install the packages" \
            "check network and apt sources (build/logs/setup-update.log, setup-packages.log), then: $APT_COMMAND"
}

# A .venv of another interpreter, of a moved folder (its programs name the old one) or of an interrupted set-up does not
# count.
venv_is_whole() {
    if [ ! -x "$VENV/bin/python" ] || [ -e "$UNFINISHED" ]; then return 1; fi
    grep -qF "$(realpath "$VENV")/bin/python" "$VENV/bin/pip" 2>/dev/null || return 1
    [ "$("$VENV/bin/python" -c 'import sys, pip; print(sys.version_info[:2], sys.base_prefix)' 2>/dev/null)" = \
        "$(/usr/bin/python3 -c 'import sys; print(sys.version_info[:2], sys.base_prefix)' 2>/dev/null)" ]
}

make_venv() {
    /usr/bin/python3 -c 'import sys; sys.exit(sys.version_info < (3, 10))' ||
        die 4 "$(/usr/bin/python3 --version) is too old" "passbench needs Python 3.10 or newer as /usr/bin/python3"
    step "$(progress) making .venv" "$LOGS/setup-venv.log" /usr/bin/python3 -m venv --clear "$VENV" ||
        die 4 "python3 -m venv failed" "see build/logs/setup-venv.log; is the folder writable, the disk full?"
}

install_requirements() { # TEXT FILE...
    local text=$1 file files=()
    shift
    for file; do files+=(-r "$file"); done
    touch "$UNFINISHED"
    step "$(progress) $text" "$LOGS/setup-pip.log" \
        "$VENV/bin/python" -m pip install --disable-pip-version-check --no-input --progress-bar off "${files[@]}" ||
        die 4 "pip could not install the Python packages" \
            "check the network and pip's settings (build/logs/setup-pip.log), then start this script again"
    rm -f "$UNFINISHED"
}

# Prints the first nvcc that is new enough: the machine's own before the one in .venv.
find_nvcc() {
    local candidate version
    for candidate in "$(command -v nvcc || true)" "${CUDA_HOME:-/nonexistent}/bin/nvcc" /usr/local/cuda/bin/nvcc \
        "$VENV"/lib/python3*/site-packages/nvidia/cu13/bin/nvcc; do
        if [ ! -x "$candidate" ]; then continue; fi
        version=$("$candidate" --version 2>/dev/null | sed -n 's/^.* release \([0-9]*\)\..*$/\1/p')
        if [ "${version:-0}" -ge "$NVCC_MAJOR" ]; then
            printf '%s' "$candidate"
            return
        fi
    done
}

# Prints a CMake of at least 3.25: Ubuntu 22.04 has an older one, there it comes from PyPI.
find_cmake() {
    local candidate
    for candidate in "$(command -v cmake || true)" "$VENV/bin/cmake"; do
        if [ -x "$candidate" ] && printf '3.25\n%s\n' "$("$candidate" --version 2>/dev/null | sed -n '1s/.*version //p')" |
            sort -V -C; then
            printf '%s' "$candidate"
            return
        fi
    done
}

toolchain_text() {
    printf 'NVCC=%s\nCMAKE=%s\nCXX=%s\n' "$(find_nvcc)" "$(find_cmake)" \
        "$(if [ "$CODENAME" = jammy ]; then echo g++-12; else echo g++; fi)"
}

# Not every machine can have it, and all works without: a note that it was tried keeps the next set-up quick.
fetch_agent_sysroot() {
    if [ -z "$(debian_mirror)" ]; then
        say "apt knows no Debian mirror here, so that the agent is linked against this machine's glibc and starts only in" \
            "guests with one at least as new"
        # On Debian its package lists are empty for now: the next set-up asks again.
        [ "$(. /etc/os-release && printf '%s' "$ID")" = debian ] || absent_sysroot
    elif ! step "$(progress) fetching the glibc of Debian 11, which the agent is linked against" "$LOGS/setup-sysroot.log" \
        "$REPO/scripts/lib/agent_sysroot.sh" "$AGENT_SYSROOT"; then
        say "the agent will be linked against this machine's glibc, and start only in guests with one at least as new;" \
            "remove build/agent-sysroot.absent to try again"
        absent_sysroot
    fi
}
absent_sysroot() {
    mkdir -p "$REPO/build"
    touch "$AGENT_SYSROOT.absent"
}

# As above: without them the cases that use one are skipped, with the loader's words.
fetch_guest_libraries() {
    if step "$(progress) fetching the CPU libraries that workloads are measured with" "$LOGS/setup-libraries.log" \
        "$REPO/scripts/lib/guest_libraries.sh" "$GUEST_LIBRARIES"; then
        rm -f "$GUEST_LIBRARIES.absent"
        [ ! -e "$GUEST_LIBRARIES/missing" ] || say "$(cat "$GUEST_LIBRARIES/missing")"
    else
        say "the cases that use such a library will be skipped; remove build/guest-libraries.absent to try again"
        "$REPO/scripts/lib/guest_libraries.sh" wanted >"$GUEST_LIBRARIES.absent"
    fi
}
# 0 where they are there, or were tried and could not be had; 1 where others are wanted now.
guest_libraries_are_settled() {
    local wanted
    wanted=$("$REPO/scripts/lib/guest_libraries.sh" wanted)
    [ "$wanted" = "$(cat "$GUEST_LIBRARIES/wanted" 2>/dev/null)" ] || [ "$wanted" = "$(cat "$GUEST_LIBRARIES.absent" 2>/dev/null)" ]
}

# One trivial fatbin: a compiler that is there but cannot compile (no host compiler, half a toolkit) shows here and not
# in the middle of a build.
prove_nvcc() {
    local folder nvcc=$1
    folder=$(mktemp -d)
    printf 'extern "C" __global__ void probe(float* x) { x[threadIdx.x] *= 2.0f; }\n' >"$folder/probe.cu"
    if ! step "$(progress) trying $nvcc" "$LOGS/setup-nvcc.log" "$nvcc" -std=c++20 -fatbin \
        -gencode "arch=compute_75,code=sm_75" -o "$folder/probe.fatbin" "$folder/probe.cu"; then
        rm -rf "$folder"
        die 4 "$nvcc cannot compile a trivial kernel" \
            "repair that CUDA toolkit, or take it off PATH, CUDA_HOME and /usr/local/cuda: then one is taken from PyPI"
    fi
    rm -rf "$folder"
}

# "1/4": which of the steps that this run needs.
STEP=0
STEPS=0
progress() { printf '%s/%s' "$STEP" "$STEPS"; }

main() {
    local set=${1:-run} packages python_missing=() apt_missing venv_new=0 requirement_files=()
    case $set in
        run | smoke | test | windows | report) ;;
        -h | --help) usage && exit 0 ;;
        *) usage >&2 && die 2 "there is no set '$set'" "one of: run smoke test windows report" ;;
    esac
    [ $# -le 1 ] || die 2 "one set at a time, got: $*" "scripts/setup.sh $set"
    check_platform

    # Two set-ups at a time would write one .venv.
    exec 9>"$REPO/.setup.lock" || die 4 "cannot write in $REPO" "clone the repository to where you may write"
    if ! flock -n 9; then
        say "waiting for another set-up of this folder to end"
        flock 9
    fi

    packages=$(packages_of "$set")
    apt_missing=$(missing_packages "$packages")
    APT_COMMAND="apt-get update && apt-get install -y --no-install-recommends $apt_missing"

    requirement_files=("$(requirements_of "$set")")
    if venv_is_whole; then
        mapfile -t python_missing < <("$VENV/bin/python" "$REPO/scripts/lib/missing_requirements.py" "${requirement_files[@]}")
    else
        venv_new=1
    fi
    local nvcc_missing=0 cmake_missing=0
    [ -n "$(find_nvcc)" ] || nvcc_missing=1
    case " $apt_missing " in
        *" cmake "*) [ "$CODENAME" != jammy ] || cmake_missing=1 ;;
        *) [ -n "$(find_cmake)" ] || cmake_missing=1 ;;
    esac
    if [ "$venv_new" -eq 1 ]; then # what was found inside it will be gone
        case $(find_nvcc) in "$VENV"/*) nvcc_missing=1 ;; esac
        case $(find_cmake) in "$VENV"/*) cmake_missing=1 ;; esac
    fi
    [ "$nvcc_missing" -eq 0 ] || requirement_files+=("$REPO/requirements/cuda.txt")
    [ "$cmake_missing" -eq 0 ] || requirement_files+=("$REPO/requirements/cmake.txt")

    local pip_needed=0
    if [ "${#python_missing[@]}" -gt 0 ] || [ "$nvcc_missing" -eq 1 ] || [ "$cmake_missing" -eq 1 ]; then pip_needed=1; fi
    if [ "$venv_new" -eq 1 ]; then pip_needed=1; fi

    local sysroot_missing=0
    if [ ! -e "$AGENT_SYSROOT" ] && [ ! -e "$AGENT_SYSROOT.absent" ]; then sysroot_missing=1; fi
    local libraries_missing=0
    guest_libraries_are_settled || libraries_missing=1

    if [ "${PASSBENCH_NO_INSTALL:-0}" != 0 ]; then
        list_missing
        exit
    fi

    [ -z "$apt_missing" ] || STEPS=$((STEPS + 1))
    STEPS=$((STEPS + venv_new + pip_needed))
    STEPS=$((STEPS + sysroot_missing + libraries_missing))
    local toolchain_old=1
    if [ "$STEPS" -eq 0 ] && [ "$(toolchain_text)" = "$(cat "$TOOLCHAIN" 2>/dev/null)" ]; then toolchain_old=0; fi
    STEPS=$((STEPS + toolchain_old))
    [ "$STEPS" -gt 0 ] || return 0

    if [ -n "$apt_missing" ]; then
        STEP=$((STEP + 1))
        need_root
        # shellcheck disable=SC2086
        install_packages $apt_missing
    fi
    if [ "$venv_new" -eq 1 ]; then
        STEP=$((STEP + 1))
        make_venv
    fi
    if [ "$pip_needed" -eq 1 ]; then
        STEP=$((STEP + 1))
        local text="installing Python packages into .venv"
        [ "$nvcc_missing" -eq 0 ] || text="$text, with the CUDA compiler (no nvcc $NVCC_MAJOR on this machine)"
        install_requirements "$text" "${requirement_files[@]}"
    fi
    if [ "$sysroot_missing" -eq 1 ]; then
        STEP=$((STEP + 1))
        fetch_agent_sysroot
    fi
    if [ "$libraries_missing" -eq 1 ]; then
        STEP=$((STEP + 1))
        fetch_guest_libraries
    fi
    if [ "$toolchain_old" -eq 1 ]; then
        STEP=$((STEP + 1))
        [ -n "$(find_cmake)" ] || die 4 "no CMake of at least 3.25 was found" "install one and put it on PATH"
        [ -n "$(find_nvcc)" ] || die 4 "the CUDA compiler from PyPI is not where it should be" "remove .venv and start again"
        prove_nvcc "$(find_nvcc)"
        toolchain_text >"$TOOLCHAIN.new"
        mv "$TOOLCHAIN.new" "$TOOLCHAIN" # whole or not at all
    fi
    say "ready for: $set"
}

# PASSBENCH_NO_INSTALL: the commands that main would run, from its variables; returns 4 when there are any.
list_missing() {
    local commands=() file
    [ -z "$apt_missing" ] || commands+=("$APT_COMMAND   # as root")
    [ "$venv_new" -eq 0 ] || commands+=("/usr/bin/python3 -m venv --clear .venv")
    if [ "$pip_needed" -eq 1 ]; then
        local files=()
        for file in "${requirement_files[@]}"; do files+=("-r ${file#"$REPO"/}"); done
        commands+=(".venv/bin/python -m pip install ${files[*]}")
    fi
    if [ "${#commands[@]}" -eq 0 ]; then
        if [ "$(toolchain_text)" != "$(cat "$TOOLCHAIN" 2>/dev/null)" ]; then
            toolchain_text >"$TOOLCHAIN" # notes what is there; installs nothing
        fi
        return 0
    fi
    [ -z "$apt_missing" ] || say "missing packages: $apt_missing"
    [ "$venv_new" -eq 0 ] || say "missing: the project's own Python environment, .venv"
    [ "${#python_missing[@]}" -eq 0 ] || say "missing Python packages: ${python_missing[*]}"
    [ "$sysroot_missing" -eq 0 ] || say "missing, and not needed: build/agent-sysroot, for an agent that starts in older guests" \
        "(scripts/lib/agent_sysroot.sh build/agent-sysroot)"
    [ "$libraries_missing" -eq 0 ] || say "missing, and not needed: build/guest-libraries, without which some cases are skipped" \
        "(scripts/lib/guest_libraries.sh build/guest-libraries)"
    [ "$nvcc_missing" -eq 0 ] || say "missing: nvcc $NVCC_MAJOR or newer (PATH, CUDA_HOME, /usr/local/cuda, .venv)"
    say "PASSBENCH_NO_INSTALL is set, so nothing was installed. In $REPO:"
    printf '    %s\n' "${commands[@]}" >&2
    return 4
}

main "$@"
