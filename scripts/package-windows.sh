#!/usr/bin/env bash
# Makes what a Windows lab host needs, one zip: scripts/package-windows.sh -> build/windows/passbench-windows.zip
#
#   README.txt, LICENSE   for whoever unpacks it
#   bin/                  passbench.exe, passbench-agent.exe and passbench-sim-host.exe; each is one file that needs no other
#   powershell/           what it speaks to Hyper-V by
#   scenarios/, docs/     questions ready to run; the runbook
#   emulation/            the hosts that `--lab simulated` plays
#   guest-bundle/         what is copied into a Linux guest (scripts/bundle.sh); left out by PASSBENCH_WITHOUT_BUNDLE=1
#   SHA256SUMS
#
# Cross-compiled here; scripts/setup.sh windows installs what that needs.
set -euo pipefail
# shellcheck source=scripts/lib/common.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib/common.sh"
# shellcheck source=scripts/lib/build.sh
. "$REPO/scripts/lib/build.sh"

[ $# -eq 0 ] || die 2 "no arguments" "scripts/package-windows.sh"
readonly BUILD=$REPO/build/windows
readonly NAME=passbench-windows
readonly PROGRAMS=(passbench passbench-agent passbench-sim-host)

"$REPO/scripts/setup.sh" windows
# As the tests configure it, whose tree it shares.
configure windows ON
build windows "${PROGRAMS[@]}"

folder=$BUILD/package/$NAME
rm -rf "$BUILD/package"
mkdir -p "$folder"/{bin,powershell,scenarios,docs,emulation}
for program in "${PROGRAMS[@]}"; do cp "$BUILD/bin/$program.exe" "$folder/bin/"; done
cp "$REPO"/host/powershell/PassBench.* "$folder/powershell/"
cp "$REPO"/scenarios/*.toml "$REPO/scenarios/README.md" "$folder/scenarios/"
cp "$REPO/docs/hyperv.md" "$folder/docs/"
mkdir "$folder/emulation/hosts"
cp "$REPO"/host/simulated/hosts/*.json "$folder/emulation/hosts/"
cp "$REPO/LICENSE" "$folder/"
# Notepad of older hosts shows text without carriage returns as one line.
sed 's/$/\r/' "$REPO/scripts/lib/windows-readme.txt" >"$folder/README.txt"
if [ "${PASSBENCH_WITHOUT_BUNDLE:-0}" = 0 ]; then
    "$REPO/scripts/bundle.sh"
    cp -r "$REPO/build/release/guest-bundle" "$folder/"
fi
sums=$(cd "$folder" && find . -type f -print0 | LC_ALL=C sort -z | xargs -0 sha256sum)
printf '%s\n' "$sums" >"$folder/SHA256SUMS"

rm -f "$BUILD/$NAME.zip"
(cd "$BUILD/package" && "$CONFIGURED_CMAKE" -E tar cf "$BUILD/$NAME.zip.new" --format=zip "$NAME")
mv "$BUILD/$NAME.zip.new" "$BUILD/$NAME.zip"
rm -rf "$BUILD/package"
say "$(du -sm "$BUILD/$NAME.zip" | cut -f1) MB in ${BUILD#"$REPO"/}/$NAME.zip"
