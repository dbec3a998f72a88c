#!/usr/bin/env bash
# Starts the agent in an old guest: scripts/ci/old-guest.sh. A bare Debian 11 (glibc 2.31) is made from this machine's mirror. In it
# the agent alone, without any library, answers, tells a bad request, probes and measures for a passbench of this machine;
# then, with the root's own libstdc++ moved away, it has the whole bundle, and what loads of it is listed. Needs root and
# debootstrap; 77 where they or the mirror are missing. All in namespaces that end with this script.
set -euo pipefail
# shellcheck source=scripts/lib/common.sh
. "$(dirname "${BASH_SOURCE[0]}")/../lib/common.sh"
# shellcheck source=scripts/lib/debian_mirror.sh
. "$REPO/scripts/lib/debian_mirror.sh"

skip() {
    say "SKIPPED: $1"
    exit 77
}
[ "$(id -u)" -eq 0 ] || skip "debootstrap and chroot need root"
command -v debootstrap >/dev/null || skip "debootstrap is missing (scripts/setup.sh test)"
mirror=$(debian_mirror)
[ -n "$mirror" ] || skip "apt knows no Debian mirror on this machine"
unshare --mount --pid --fork true 2>/dev/null || skip "this machine allows no namespaces of one's own"

if [ "${1:-}" != isolated ]; then
    exec unshare --mount --pid --fork --kill-child --propagation private -- "$0" isolated
fi

work=$(mktemp -d /var/tmp/passbench-old-guest-XXXXXX)
trap 'stop_ticker; umount -q "$work/root/proc" "$work/root/dev" "$work/root/sys" "$work/root$work/shared" || true
    rm -rf --one-file-system "$work"' EXIT
root=$work/root
"$REPO/scripts/run.sh" --version >/dev/null # builds the controller
[ -d "$REPO/build/agent-sysroot" ] || skip "the glibc of Debian 11 could not be had, so the agent is not linked against it"
"$REPO/scripts/bundle.sh"
step "making a bare $OLD_SUITE" "$REPO/build/logs/old-guest.log" \
    debootstrap --variant=minbase "$OLD_SUITE" "$root" "$mirror" || skip "debootstrap of $OLD_SUITE failed; is it still on the mirror?"
mount -t proc proc "$root/proc"
mount --bind /dev "$root/dev"
mount --bind /sys "$root/sys"
mkdir -p "$work/shared" "$root$work/shared" "$root/alone"
mount --bind "$work/shared" "$root$work/shared" # same path inside and outside: where jobs and records go
cp "$REPO/build/release/guest-bundle/passbench-agent" "$root/alone/"

fail() { die 1 "$1" "see above; build/release/guest-bundle is what was tried in $OLD_SUITE"; }
inside() { env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root chroot "$root" "$@"; }

version=$(inside /alone/passbench-agent --version) || fail "it does not start"
say "1/4 alone: $version"

# An exception is thrown and caught on the way: the unwinder finds its tables.
printf '{' >"$work/shared/bad.json"
rc=0
inside /alone/passbench-agent run "$work/shared/bad.json" "$work/shared/out" 2>"$work/words" || rc=$?
grep -q 'it is not JSON' "$work/words" || fail "a bad request was not told: exit code $rc, $(cat "$work/words")"
[ "$rc" -eq 2 ] || fail "a bad request ended with $rc, not 2"
say "2/4 a bad request is told"

# The controller out here, the agent in there.
cat >"$work/agent" <<END
#!/bin/sh
exec chroot $root /alone/passbench-agent "\$@"
END
chmod +x "$work/agent"
cat >"$work/shared/scenario.toml" <<'END'
version = 1
title   = "An old guest"
arms    = ["local"]
[[case]]
workload = "stream"
forms    = ["cpu"]
axes     = { op = "triad", bytes = "1 MiB" }
[[case]]
workload = "dispatch"
axes     = { wait = "block" }
[design]
blocks     = 2
trials     = 1
iterations = 5
warmup     = "1 ms"
warmup_cap = "10 ms"
END
TMPDIR=$work/shared PASSBENCH_STATE=$work/shared/state "$REPO/build/release/bin/passbench" run "$work/shared/scenario.toml" \
    --agent "$work/agent" --out "$work/shared/runs" >"$work/shared/table" 2>&1 || fail "no run: $(cat "$work/shared/table")"
ended=$(grep -c '"kind":"trial_ended"' "$work"/shared/runs/*/events.jsonl || true)
[ "$ended" -eq 4 ] || fail "$ended of 4 trials ended: $(cat "$work/shared/table")"
grep -q 'GNU/Linux 11' "$work"/shared/runs/*/environment.json || fail "the environment is not that of Debian 11"
say "3/4 it measures: $ended of 4 trials"

find "$root" -xdev -name 'libstdc++.so*' -exec mv {} "$work" \;
cp -r "$REPO/build/release/guest-bundle" "$root/bundle"
inside /bundle/passbench-agent probe "$work/shared/probe"
say "4/4 the libraries of the bundle, without the root's libstdc++:"
grep '"library\.' "$work/shared/probe/environment.json" >&2
[ "$(grep -c '"library\..*[0-9]' "$work/shared/probe/environment.json")" -ge 4 ] || fail "not all libraries were tried"
if grep '"library\..*load' "$work/shared/probe/environment.json" >/dev/null; then fail "not all libraries load"; fi
say "the agent starts in $OLD_SUITE"
