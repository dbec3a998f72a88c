#!/usr/bin/env bash
# Fetches the glibc of Debian 11, against which the agent is linked so that it starts in older guests (cmake/PassbenchPortable.cmake):
# scripts/lib/agent_sysroot.sh FOLDER. Two packages by name from this machine's own Debian mirror, by a source list of their own;
# nothing is installed. FOLDER is there whole or not at all.
set -euo pipefail
# shellcheck source=scripts/lib/common.sh
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"
# shellcheck source=scripts/lib/debian_mirror.sh
. "$(dirname "${BASH_SOURCE[0]}")/debian_mirror.sh"

[ $# -eq 1 ] || die 2 "one folder" "scripts/lib/agent_sysroot.sh build/agent-sysroot"
folder=$(realpath -m "$1")
mkdir -p "$(dirname "$folder")"
work=$(mktemp -d "$(dirname "$folder")/.agent-sysroot-XXXXXX")
trap 'rm -rf "$work"' EXIT

unpack_old_packages "$work" libc6 libc6-dev
# The packages link to absolute names, which here would be this machine's files.
find "$work/root" -type l -lname '/*' | while IFS= read -r link; do
    ln -sfn "$(realpath -m --relative-to="$(dirname "$link")" "$work/root$(readlink "$link")")" "$link"
done
rm -rf "$folder"
mv "$work/root" "$folder"
