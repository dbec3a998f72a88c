#!/usr/bin/env bash
# Makes what a guest needs, one folder: scripts/bundle.sh -> build/release/guest-bundle/
#
#   passbench-agent       starts with glibc 2.25 or newer, and needs nothing else
#   lib/                  CPU libraries that it loads where they load: oneDNN, OpenBLAS, FFTW, ONNX Runtime, and what they
#                         need (libstdc++, libgcc, libgomp, libgfortran); for glibc 2.28 or newer
#   licenses/             of these libraries
#   SHA256SUMS
#
# The libraries are fetched once, into build/guest-libraries.
set -euo pipefail
# shellcheck source=scripts/lib/common.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib/common.sh"
# shellcheck source=scripts/lib/build.sh
. "$REPO/scripts/lib/build.sh"

[ $# -eq 0 ] || die 2 "no arguments" "scripts/bundle.sh"
readonly LIBRARIES=$REPO/build/guest-libraries
readonly BUNDLE=$REPO/build/release/guest-bundle

"$REPO/scripts/setup.sh" run
[ -d "$REPO/build/agent-sysroot" ] ||
    say "warning: without the glibc of Debian 11 (scripts/lib/agent_sysroot.sh build/agent-sysroot) this agent starts only in" \
        "guests with a glibc at least as new as this machine's"
configure release OFF
build release passbench-agent
step "fetching the libraries of the guest bundle" "$REPO/build/logs/guest-libraries.log" \
    "$REPO/scripts/lib/guest_libraries.sh" "$LIBRARIES" ||
    die 4 "the libraries of the guest bundle could not be had" \
        "read the lines above; the agent alone is build/release/bin/passbench-agent"

[ ! -e "$LIBRARIES/missing" ] || say "warning: $(cat "$LIBRARIES/missing"); rm -rf build/guest-libraries to try again"

rm -rf "$BUNDLE" "$BUNDLE.new"
mkdir -p "$BUNDLE.new"
cp -r "$LIBRARIES/lib" "$LIBRARIES/licenses" "$REPO/build/release/bin/passbench-agent" "$BUNDLE.new"
find "$LIBRARIES/runtime" -type f -exec cp -t "$BUNDLE.new/lib" {} +
sums=$(cd "$BUNDLE.new" && find . -type f -print0 | LC_ALL=C sort -z | xargs -0 sha256sum)
printf '%s\n' "$sums" >"$BUNDLE.new/SHA256SUMS"
mv "$BUNDLE.new" "$BUNDLE"
say "$(du -sm "$BUNDLE" | cut -f1) MB in ${BUNDLE#"$REPO"/}"
