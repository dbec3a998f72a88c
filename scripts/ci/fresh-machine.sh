#!/usr/bin/env bash
# Tries the README on a machine where nothing is installed: scripts/ci/fresh-machine.sh SUITE [--full|--run]
#
# SUITE is a Debian release (bookworm, trixie). A bare root is made from this machine's own mirror, HEAD of this
# repository is cloned into it, and there scripts/run.sh runs twice (the second time shows what is left when nothing is to
# be done) and then the tests of the smoke label, with --full all default tests, with --run none. The root is removed at the end.
#
# Mounts and processes live in namespaces of their own, which end with this script however it ends: nothing of this
# machine is ever mounted where the root is removed.
set -euo pipefail
# shellcheck source=scripts/lib/common.sh
. "$(dirname "${BASH_SOURCE[0]}")/../lib/common.sh"
# shellcheck source=scripts/lib/debian_mirror.sh
. "$REPO/scripts/lib/debian_mirror.sh"

suite=${1:-}
tests="-L smoke"
case ${2:-} in
    '') ;;
    --full) tests='' ;;
    --run) tests=none ;;
    *) suite='' ;;
esac
if [ -z "$suite" ] || [ $# -gt 2 ]; then
    sed -n '2,9s/^# \{0,1\}//p' "${BASH_SOURCE[0]}" >&2
    die 2 "one suite, and --full, --run or nothing" "scripts/ci/fresh-machine.sh bookworm"
fi
[ "$(id -u)" -eq 0 ] || die 4 "debootstrap and chroot need root" "sudo $0 $*"
command -v debootstrap >/dev/null || die 4 "debootstrap is missing" "scripts/setup.sh test"
codename=$(. /etc/os-release && printf '%s' "${VERSION_CODENAME:-}")
[ -f "/usr/share/debootstrap/scripts/$suite" ] || die 2 "debootstrap does not know '$suite'" "bookworm or trixie"

mirror=$(debian_mirror)
[ -n "$mirror" ] || die 4 "apt knows no Debian mirror on this machine" "on Debian: apt-get update; see /etc/apt/sources.list.d"

root=$(mktemp -d "/var/tmp/passbench-$suite-XXXXXX")
isolated_pid=''
remove_root() {
    stop_ticker
    if [ -n "$isolated_pid" ] && kill -KILL "$isolated_pid" 2>/dev/null; then
        wait "$isolated_pid" 2>/dev/null || true
        sleep 1 # until the last process of its namespace has gone, which nobody reports
    fi
    if grep -qF " $root" /proc/mounts; then # rm would follow into what is mounted there
        say "something is still mounted under $root; it stays there"
        return
    fi
    rm -rf --one-file-system "$root"
}
trap remove_root EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

# In the background, because a shell answers a signal only when its foreground command has ended; all that runs in the
# namespaces ends with unshare.
isolated() {
    local rc=0
    unshare --mount --pid --fork --kill-child --propagation private -- "$@" &
    isolated_pid=$!
    wait "$isolated_pid" || rc=$?
    isolated_pid=''
    return "$rc"
}

started=$SECONDS
step "making a bare $suite" "$REPO/build/logs/fresh-$suite.log" \
    isolated debootstrap --variant=minbase --include=ca-certificates,git "$suite" "$root" "$mirror" ||
    die 4 "debootstrap failed" "is the mirror $mirror reachable?"
say "bare $suite made in $((SECONDS - started)) s"

# What the network of this machine needs: names, proxies, certificates, the sources of apt and pip.
copy_in() {
    local path
    for path; do
        [ ! -e "$path" ] || (mkdir -p "$root$(dirname "$path")" && cp -rL "$path" "$root$(dirname "$path")/")
    done
}
rm -f "$root/etc/apt/sources.list"
copy_in /etc/resolv.conf /etc/hosts /etc/apt/sources.list /etc/apt/sources.list.d /etc/apt/keyrings /etc/apt/trusted.gpg.d \
    /etc/apt/auth.conf.d /etc/ssl/certs/ca-certificates.crt /usr/local/share/ca-certificates /etc/pip.conf
for path in /etc/apt/apt.conf.d/*; do
    # Those alone that say how to reach a mirror: the others call programs that are not in there.
    if grep -qiE '^ *Acquire' "$path" && ! grep -qE '^ *(DPkg|APT::Update)' "$path"; then copy_in "$path"; fi
done
for path in "$HOME/.config/pip" "$HOME/.pip"; do
    if [ -e "$path" ]; then mkdir -p "$root/root/.config" && cp -rL "$path" "$root/root/${path#"$HOME"/}"; fi
done
find "$root/etc/apt" \( -name '*.list' -o -name '*.sources' \) -exec sed -i "s/\b$codename\b/$suite/g" {} +

[ -z "$(git -C "$REPO" status --porcelain)" ] || say "note: what is not committed is not tried"
git clone --quiet "$REPO" "$root/root/passbench"

# Only what the network needs comes along from this environment; CI tells programs that nobody watches.
environment=(PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LANG=C.UTF-8 CI=true)
while IFS= read -r variable; do
    environment+=("$variable")
done < <(env | grep -E '^(PIP_(CERT|INDEX_URL|EXTRA_INDEX_URL|TRUSTED_HOST|DEFAULT_TIMEOUT|PROXY)|(https?|no|all|HTTPS?|NO|ALL)_(proxy|PROXY)|SSL_CERT_FILE)=' || true)

inside() { # NAME COMMAND: in the clone on the bare machine
    local name=$1 command=$2 begun=$SECONDS rc=0
    say "$name: $command"
    # shellcheck disable=SC2016  # expanded by the inner shell
    isolated sh -c 'mount -t proc proc "$1/proc" && mount --bind /dev "$1/dev" && mount --bind /sys "$1/sys" &&
        root=$1 && shift && exec env -i "$@"' inside "$root" "${environment[@]}" \
        chroot "$root" sh -c "cd /root/passbench && $command" </dev/null || rc=$?
    [ "$rc" -eq 0 ] || die "$rc" "$name failed with exit code $rc on a bare $suite: $command" "read its output above"
    say "$name: ok in $((SECONDS - begun)) s"
}

inside "first run" "scripts/run.sh"
inside "second run" "scripts/run.sh"
inside "nothing to set up" "scripts/setup.sh run"
# The records are whole when the sums of the run's own manifest are right.
# shellcheck disable=SC2016  # expanded in there
inside "records" 'for run in results/runs/*/; do (cd "$run" && sha256sum --quiet -c MANIFEST.sha256) || exit 1; done'
[ "$tests" = none ] || inside "tests" "scripts/test.sh $tests"
say "a bare $suite works; $((SECONDS - started)) s in all"
