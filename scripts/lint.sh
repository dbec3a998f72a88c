#!/usr/bin/env bash
# Checks form, names, common mistakes and include rules: scripts/lint.sh [--all] [PATH...]
#
# clang-format, ruff, shellcheck, the include rules and the rule of one definition look at every tracked file, clang-tidy at
# what changed since the branch left origin/main, or since the commit before: with --all at every file that is compiled.
# PATHs (files or folders) narrow everything to them. Prints all that it found and exits 1; `scripts/lint.sh --fix` puts
# right what tools can.
set -euo pipefail
# shellcheck source=scripts/lib/common.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib/common.sh"
# shellcheck source=scripts/lib/build.sh
. "$REPO/scripts/lib/build.sh"

readonly CLANG_FORMAT=clang-format-14 CLANG_TIDY=clang-tidy-14

all=0 fix=0 paths=()
for argument; do
    case $argument in
        --all) all=1 ;;
        --fix) fix=1 ;;
        -h | --help) sed -n '2,7s/^# \{0,1\}//p' "${BASH_SOURCE[0]}" && exit 0 ;;
        -*) die 2 "there is no option '$argument'" "--all, --fix or paths" ;;
        *)
            [ -e "$argument" ] || die 2 "there is no file or folder '$argument'" "paths are those of the folder you are in"
            paths+=("$(realpath --relative-to="$REPO" "$argument")")
            ;;
    esac
done
cd "$REPO"

if ! command -v $CLANG_FORMAT >/dev/null && grep -q VERSION_CODENAME=trixie /etc/os-release; then
    say "Debian 13 packages no clang 14, and another one formats and warns differently: nothing was checked"
    exit 77 # what ctest takes for skipped
fi
for tool in $CLANG_FORMAT $CLANG_TIDY shellcheck "$VENV/bin/ruff"; do
    command -v "$tool" >/dev/null || die 4 "$tool is missing" "scripts/setup.sh test"
done

# What says how the files are compiled: debug has a command for each file; release compiles units of many files, which
# clang-tidy reads in a fifth of the time.
if [ "$all" -eq 1 ] && [ "${#paths[@]}" -eq 0 ]; then preset=release; else preset=debug; fi
build_folder=$REPO/build/$preset
if [ ! -e "$build_folder/compile_commands.json" ]; then
    "$REPO/scripts/setup.sh" test
    configure $preset ON
elif [ -e "$build_folder/build.ninja" ]; then
    configure $preset ON
    build $preset build.ninja # what has changed in a CMakeLists.txt since
fi

# tracked PATTERN...: the files of these patterns that are tracked, are still there and lie in the PATHs.
tracked() {
    git ls-files -z -- "${paths[@]}" | while IFS= read -r -d '' file; do
        for pattern; do
            # shellcheck disable=SC2053  # a pattern is meant
            if [[ $file == $pattern && -f $file ]]; then printf '%s\n' "$file" && break; fi
        done
    done
}

mapfile -t cpp_files < <(tracked '*.hpp' '*.cpp' '*.h' '*.cu' '*.cuh')
mapfile -t python_files < <(tracked '*.py' '*.pyi')
mapfile -t shell_files < <(tracked '*.sh' .ci/run)

# What git sees changed, committed or not, since the branch began; everything where there is no commit before.
changed_files() {
    local base
    base=$(git merge-base HEAD origin/main 2>/dev/null || true)
    if [ -z "$base" ] || [ "$base" = "$(git rev-parse HEAD)" ]; then base=$(git rev-parse -q --verify HEAD~1 || true); fi
    if [ -n "$base" ]; then git diff --name-only --diff-filter=d "$base"; else git ls-files; fi
}

# The files that clang-tidy is to look at: all that is compiled, as it is compiled, or of the files the changed ones; for a
# changed header the .cpp of its name or else the first that includes it, because one look at a header is enough.
tidy_files() {
    local compiled file candidate
    compiled=$(sed -n 's/^ *"file": "\(.*\)",\{0,1\}$/\1/p' "$build_folder/compile_commands.json" | sed "s|^$REPO/||" |
        grep -E '^(build/release/)?(harness|kernels|guest|host)/.*\.(cpp|cxx)$' | sort -u || true)
    if [ $preset = release ]; then
        printf '%s\n' "$compiled"
        return
    fi
    if [ "$all" -eq 1 ]; then
        comm -12 <(printf '%s\n' "$compiled") <(printf '%s\n' "${cpp_files[@]}" | sort)
        return
    fi
    comm -12 <(changed_files | sort) <(printf '%s\n' "${cpp_files[@]}" | sort) | while read -r file; do
        candidate=$file
        if [[ $file == *.hpp ]]; then
            candidate=${file%.hpp}.cpp
            # shellcheck disable=SC2086
            grep -qxF "$candidate" <<<"$compiled" ||
                candidate=$(printf '%s\n' $compiled | xargs -r grep -lF "#include \"$file\"" | head -n 1 || true)
        fi
        if grep -qxF "$candidate" <<<"$compiled"; then printf '%s\n' "$candidate"; fi
    done | sort -u
}

# xargs, not arguments in one go: one process a file for clang-tidy, all cores, and its exit code is that of the worst.
# A unit of many files includes them all, which the check suspicious-include would find strange.
tidy() {
    # shellcheck disable=SC2016  # expanded by the inner shell
    xargs -r -P "$(nproc)" -n 1 sh -c '
        found=$("$1" -p "$2" --quiet --checks=-bugprone-suspicious-include --extra-arg=-Wno-unknown-warning-option "$3" 2>/dev/null) || { printf "%s\n" "$found"; exit 1; }
    ' tidy $CLANG_TIDY "$build_folder"
}

failed=()
check() { # check NAME COMMAND...
    local name=$1 started=$SECONDS
    shift
    if "$@"; then
        say "$name: ok$([ $((SECONDS - started)) -lt 2 ] || printf ', %s s' $((SECONDS - started)))"
    else
        say "$name: FAILED"
        failed+=("$name")
    fi
}

[ "$fix" -eq 0 ] || {
    [ "${#cpp_files[@]}" -eq 0 ] || $CLANG_FORMAT -i "${cpp_files[@]}"
    [ "${#python_files[@]}" -eq 0 ] || { "$VENV/bin/ruff" check -q --fix "${python_files[@]}" || true; }
    [ "${#python_files[@]}" -eq 0 ] || "$VENV/bin/ruff" format -q "${python_files[@]}"
}

if [ "${#cpp_files[@]}" -gt 0 ]; then
    check "include rules" "$VENV/bin/python" scripts/lint/include_rules.py . "${cpp_files[@]}"
    check "one definition of each type" "$VENV/bin/python" scripts/lint/one_definition.py .
    check "clang-format (${#cpp_files[@]} files)" $CLANG_FORMAT --dry-run -Werror "${cpp_files[@]}"
fi
if [ "${#python_files[@]}" -gt 0 ]; then
    check "ruff (${#python_files[@]} files)" "$VENV/bin/ruff" check --quiet "${python_files[@]}"
    check "ruff format" "$VENV/bin/ruff" format --quiet --check --diff "${python_files[@]}"
fi
[ "${#shell_files[@]}" -eq 0 ] || check "shellcheck (${#shell_files[@]} files)" shellcheck -x -P . "${shell_files[@]}"
mapfile -t to_tidy < <(tidy_files)
if [ "${#to_tidy[@]}" -gt 0 ]; then
    say "clang-tidy: ${#to_tidy[@]} files"
    check "clang-tidy" tidy < <(printf '%s\n' "${to_tidy[@]}")
fi

[ "${#failed[@]}" -eq 0 ] || die 1 "failed: $(printf '%s; ' "${failed[@]}")" "read above; scripts/lint.sh --fix formats"
