#!/usr/bin/env bash
# Fetches the CPU libraries of the guest bundle (scripts/bundle.sh): scripts/lib/guest_libraries.sh FOLDER. They come by name from PyPI
# (requirements/guest.txt) and from Debian 11; nothing is installed. FOLDER then has lib/, licenses/ and `wanted`, what was
# asked for; it is there whole or not at all, and is made anew where something else is wanted.
set -euo pipefail
# shellcheck source=scripts/lib/common.sh
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"
# shellcheck source=scripts/lib/debian_mirror.sh
. "$(dirname "${BASH_SOURCE[0]}")/debian_mirror.sh"

readonly OLD_PACKAGES="gcc-10-base libstdc++6 libgcc-s1 libgomp1 libfftw3-single3"

[ $# -eq 1 ] || die 2 "one folder" "scripts/lib/guest_libraries.sh build/guest-libraries"
folder=$(realpath -m "$1")
wanted=$(grep -v '^#' "$REPO/requirements/guest.txt" && printf '%s of %s\n' "$OLD_PACKAGES" "$OLD_SUITE")
if [ "$wanted" = "$(cat "$folder/wanted" 2>/dev/null)" ]; then exit 0; fi

mkdir -p "$(dirname "$folder")"
work=$(mktemp -d "$(dirname "$folder")/.guest-libraries-XXXXXX")
trap 'rm -rf "$work"' EXIT
mkdir -p "$work/whole/lib" "$work/whole/licenses"

"$VENV/bin/python" -m pip download --disable-pip-version-check --no-input --progress-bar off --no-deps --only-binary :all: \
    -d "$work/wheels" -r "$REPO/requirements/guest.txt"
for wheel in "$work"/wheels/*.whl; do
    "$VENV/bin/python" -m zipfile -e "$wheel" "$work/unpacked/$(basename "$wheel" .whl)"
done
# shellcheck disable=SC2086
unpack_old_packages "$work" $OLD_PACKAGES

find "$work/unpacked" -type f \( -name 'libdnnl.so.3' -o -path '*scipy_openblas32/lib/*.so*' -o -name 'libonnxruntime.so.*' \) \
    >"$work/files"
find "$work/root" \( -name 'libstdc++.so.6' -o -name 'libgcc_s.so.1' -o -name 'libgomp.so.1' -o -name 'libfftw3f.so.3' \
    -o -name 'libfftw3f_threads.so.3' \) >>"$work/files"
while IFS= read -r file; do # under the name by which programs ask for it
    soname=$(objdump -p "$file" | sed -n 's/^ *SONAME *//p')
    cp -L "$file" "$work/whole/lib/${soname:-$(basename "$file")}"
done <"$work/files"

find "$work/unpacked" -type f \( -iname 'LICENSE*' -o -name 'THIRD-PARTY-PROGRAMS' \) >"$work/licenses"
while IFS= read -r file; do
    cp "$file" "$work/whole/licenses/$(cut -d/ -f1 <<<"${file#"$work/unpacked/"}").$(basename "$file")"
done <"$work/licenses"
for file in "$work"/root/usr/share/doc/*/copyright; do
    cp "$file" "$work/whole/licenses/$(basename "$(dirname "$file")").copyright"
done

printf '%s\n' "$wanted" >"$work/whole/wanted"
rm -rf "$folder"
mv "$work/whole" "$folder"
