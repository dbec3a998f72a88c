#!/usr/bin/env bash
# Makes what a guest needs, one folder: scripts/bundle.sh -> build/release/guest-bundle/
#
#   passbench-agent       starts with glibc 2.25 or newer, and needs nothing else
#   lib/                  CPU libraries that it loads where they load: oneDNN, OpenBLAS, FFTW, ONNX Runtime, and what they
#                         need (libstdc++, libgcc, libgomp, libgfortran); for glibc 2.28 or newer
#   licenses/             of these libraries
#   SHA256SUMS
#
# The libraries come by name from PyPI (requirements/guest.txt) and from Debian 11, once, into build/guest-libraries.
set -euo pipefail
# shellcheck source=scripts/lib/common.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib/common.sh"
# shellcheck source=scripts/lib/build.sh
. "$REPO/scripts/lib/build.sh"
# shellcheck source=scripts/lib/old_packages.sh
. "$REPO/scripts/lib/old_packages.sh"

[ $# -eq 0 ] || die 2 "no arguments" "scripts/bundle.sh"
readonly LIBRARIES=$REPO/build/guest-libraries
readonly BUNDLE=$REPO/build/release/guest-bundle

# copy_library FOLDER FILE: the library under the name by which programs ask for it, its SONAME.
copy_library() {
    local soname
    soname=$(objdump -p "$2" | sed -n 's/^ *SONAME *//p')
    cp -L "$2" "$1/${soname:-$(basename "$2")}"
}

fetch_libraries() { # WORK: fills WORK/whole
    local work=$1 wheel file
    "$VENV/bin/python" -m pip download --disable-pip-version-check --no-input --progress-bar off --no-deps --only-binary :all: \
        -d "$work/wheels" -r "$REPO/requirements/guest.txt"
    unpack_old_packages "$work" gcc-10-base libstdc++6 libgcc-s1 libgomp1 libfftw3-single3
    mkdir -p "$work/whole/lib" "$work/whole/licenses"
    for wheel in "$work"/wheels/*.whl; do
        "$VENV/bin/python" -m zipfile -e "$wheel" "$work/unpacked/$(basename "$wheel" .whl)"
    done
    find "$work/unpacked" -type f \( -name 'libdnnl.so.3' -o -path '*scipy_openblas32/lib/*.so*' \
        -o -name 'libonnxruntime.so.*' \) >"$work/files"
    find "$work/root" \( -name 'libstdc++.so.6' -o -name 'libgcc_s.so.1' -o -name 'libgomp.so.1' -o -name 'libfftw3f.so.3' \
        -o -name 'libfftw3f_threads.so.3' \) >>"$work/files"
    while IFS= read -r file; do copy_library "$work/whole/lib" "$file"; done <"$work/files"
    find "$work/unpacked" -type f \( -iname 'LICENSE*' -o -name 'THIRD-PARTY-PROGRAMS' \) | while IFS= read -r file; do
        cp "$file" "$work/whole/licenses/$(cut -d/ -f1 <<<"${file#"$work/unpacked/"}").$(basename "$file")"
    done
    for file in "$work"/root/usr/share/doc/*/copyright; do
        cp "$file" "$work/whole/licenses/$(basename "$(dirname "$file")").copyright"
    done
}

"$REPO/scripts/setup.sh" run
configure release OFF
build release passbench-agent

if [ ! -d "$LIBRARIES" ]; then
    work=$(mktemp -d "$REPO/build/.guest-libraries-XXXXXX")
    trap 'stop_ticker; rm -rf "$work"' EXIT
    fetch() (
        set -e
        fetch_libraries "$work"
    )
    step "fetching the libraries of the guest bundle" "$REPO/build/logs/guest-libraries.log" fetch ||
        die 4 "the libraries of the guest bundle could not be had" "read the lines above; the agent alone is build/release/bin/passbench-agent"
    mv "$work/whole" "$LIBRARIES" # whole or not at all
fi

rm -rf "$BUNDLE" "$BUNDLE.new"
mkdir -p "$BUNDLE.new"
cp -l -r "$LIBRARIES/." "$BUNDLE.new"
cp "$REPO/build/release/bin/passbench-agent" "$BUNDLE.new"
sums=$(cd "$BUNDLE.new" && find . -type f -print0 | LC_ALL=C sort -z | xargs -0 sha256sum)
printf '%s\n' "$sums" >"$BUNDLE.new/SHA256SUMS"
mv "$BUNDLE.new" "$BUNDLE"
say "$(du -sm "$BUNDLE" | cut -f1) MB in ${BUNDLE#"$REPO"/}"
