#!/usr/bin/env bash
# Fetches the CPU libraries that the agent loads where they load: scripts/lib/guest_libraries.sh FOLDER. They come by name from PyPI
# (requirements/guest.txt) and from Debian 11; nothing is installed. FOLDER then has
#
#   lib/        what the agent loads
#   runtime/    what these need and every machine that compiles has: libstdc++, libgcc, libgomp of Debian 11. Apart, for a program that
#               is linked with this machine's own must not find older ones beside itself
#   licenses/
#   wanted      what was asked for
#   missing     only where something could not be had (no Debian mirror): why
#
# It is there whole or not at all, and is made anew where something else is wanted. `scripts/lib/guest_libraries.sh wanted` prints that.
set -euo pipefail
# shellcheck source=scripts/lib/common.sh
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"
# shellcheck source=scripts/lib/debian_mirror.sh
. "$(dirname "${BASH_SOURCE[0]}")/debian_mirror.sh"

readonly OLD_PACKAGES="gcc-10-base libstdc++6 libgcc-s1 libgomp1 libfftw3-single3"

[ $# -eq 1 ] || die 2 "one folder" "scripts/lib/guest_libraries.sh build/guest-libraries"
wanted=$(grep -v '^#' "$REPO/requirements/guest.txt" && printf '%s of %s\n' "$OLD_PACKAGES" "$OLD_SUITE")
if [ "$1" = wanted ]; then
    printf '%s\n' "$wanted"
    exit
fi
folder=$(realpath -m "$1")
if [ "$wanted" = "$(cat "$folder/wanted" 2>/dev/null)" ]; then exit 0; fi

mkdir -p "$(dirname "$folder")"
work=$(mktemp -d "$(dirname "$folder")/.guest-libraries-XXXXXX")
trap 'rm -rf "$work"' EXIT
mkdir -p "$work/whole/lib" "$work/whole/runtime" "$work/whole/licenses" "$work/root"

# Of one Python, whichever this machine has: no Python ever loads them.
"$VENV/bin/python" -m pip download --disable-pip-version-check --no-input --progress-bar off --no-deps --only-binary :all: \
    --python-version 3.11 --implementation cp --platform manylinux_2_28_x86_64 --platform manylinux_2_27_x86_64 \
    --platform manylinux1_x86_64 -d "$work/wheels" -r "$REPO/requirements/guest.txt"
for wheel in "$work"/wheels/*.whl; do
    "$VENV/bin/python" -m zipfile -e "$wheel" "$work/unpacked/$(basename "$wheel" .whl)"
done
if [ -n "$(debian_mirror)" ]; then
    # shellcheck disable=SC2086
    unpack_old_packages "$work" $OLD_PACKAGES
else
    printf 'apt knows no Debian mirror on this machine, so that FFTW and the run-time libraries of %s are missing\n' "$OLD_SUITE" \
        >"$work/whole/missing"
fi

keep() { # FOLDER FILE...: under the name by which programs ask for it
    local to=$1 file soname
    shift
    for file; do
        soname=$(objdump -p "$file" | sed -n 's/^ *SONAME *//p')
        cp -L "$file" "$work/whole/$to/${soname:-$(basename "$file")}"
    done
}
mapfile -t files < <(find "$work/unpacked" -type f \( -name 'libdnnl.so.3' -o -path '*scipy_openblas32/lib/*.so*' \
    -o -name 'libonnxruntime.so.*' \))
keep lib "${files[@]}"
mapfile -t files < <(find "$work/root" \( -name 'libfftw3f.so.3' -o -name 'libfftw3f_threads.so.3' \))
keep lib "${files[@]}"
mapfile -t files < <(find "$work/root" \( -name 'libstdc++.so.6' -o -name 'libgcc_s.so.1' -o -name 'libgomp.so.1' \))
keep runtime "${files[@]}"

find "$work/unpacked" -type f \( -iname 'LICENSE*' -o -name 'THIRD-PARTY-PROGRAMS' \) >"$work/licenses"
while IFS= read -r file; do
    cp "$file" "$work/whole/licenses/$(cut -d/ -f1 <<<"${file#"$work/unpacked/"}").$(basename "$file")"
done <"$work/licenses"
find "$work/root" -path '*/usr/share/doc/*/copyright' >"$work/licenses"
while IFS= read -r file; do
    cp "$file" "$work/whole/licenses/$(basename "$(dirname "$file")").copyright"
done <"$work/licenses"

printf '%s\n' "$wanted" >"$work/whole/wanted"
rm -rf "$folder"
mv "$work/whole" "$folder"
