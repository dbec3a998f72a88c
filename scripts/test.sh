#!/usr/bin/env bash
# Sets this machine up, builds everything and runs the tests: scripts/test.sh [CTEST ARGUMENTS...]
#
#   scripts/test.sh               the default tests, all but those of the label slow
#   scripts/test.sh -L slow       the slow ones
#   scripts/test.sh -L smoke      the shortest useful check of a fresh machine; installs and builds less
#   scripts/test.sh -L gpu        on the machine's own driver and card; skipped where there is none
#   scripts/test.sh -L windows    cross-compiled, under wine, which it installs; among the slow ones where they are here
#   scripts/test.sh -R Quantile   by name; every ctest argument goes through
#   PASSBENCH_PRESET=asan scripts/test.sh    another build: debug, asan, tsan, fuzz (default: release)
set -euo pipefail
# shellcheck source=scripts/lib/common.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib/common.sh"
# shellcheck source=scripts/lib/build.sh
. "$REPO/scripts/lib/build.sh"

preset=${PASSBENCH_PRESET:-release}
case $preset in
    release | debug | asan | tsan | fuzz) ;;
    *) die 2 "PASSBENCH_PRESET is '$preset'" "one of: release debug asan tsan fuzz" ;;
esac

# The label that is asked for, and whether labels are chosen at all.
label='' chosen=0 previous=''
for argument; do
    case $previous in -L | --label-regex) label=$argument ;; esac
    case $argument in -L | -LE | --label-regex | --label-exclude) chosen=1 ;; esac
    previous=$argument
done
[ "$chosen" -eq 1 ] || set -- -LE slow "$@"

if [ "$label" = smoke ]; then "$REPO/scripts/setup.sh" smoke; else "$REPO/scripts/setup.sh" test; fi
# Elsewhere what needs them is skipped where they are missing.
if [ "$label" = windows ]; then "$REPO/scripts/setup.sh" windows; fi
configure "$preset" ON
# A label that has a target of its own (smoke_tests) is built alone.
if [[ $label =~ ^[a-z_]+$ ]] && has_target "$preset" "${label}_tests"; then
    build "$preset" "${label}_tests"
else
    build "$preset"
fi

ctest=$(dirname "$CONFIGURED_CMAKE")/ctest
cd "$REPO"
exec "$ctest" --test-dir "build/$preset" --output-on-failure --no-tests=error -j2 "$@"
