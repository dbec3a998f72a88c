# shellcheck shell=bash
# Configures and builds a preset with the tools that scripts/setup.sh found. Sourced after common.sh, never run.

# configure PRESET ON|OFF: ON with the tests, OFF needs what the run set installs alone. A build tree that already has the
# tests keeps them, so that run.sh and test.sh do not reconfigure each other's tree.
configure() {
    local preset=$1 tests=$2 folder=$REPO/build/$1 NVCC='' CMAKE='' CXX='' sysroot='' arguments
    # shellcheck source=/dev/null
    . "$VENV/passbench-toolchain.env"
    if [ "$tests" = OFF ] && grep -q '^BUILD_TESTING:BOOL=ON' "$folder/CMakeCache.txt" 2>/dev/null; then tests=ON; fi
    # In the arguments, so that a tree is configured anew when it comes or goes.
    if [ -d "$REPO/build/agent-sysroot" ]; then sysroot=$REPO/build/agent-sysroot; fi
    arguments="-DPASSBENCH_AGENT_SYSROOT=$sysroot -DPython_EXECUTABLE=$VENV/bin/python -DPASSBENCH_NVCC=$NVCC -DBUILD_TESTING=$tests"
    CONFIGURED_CMAKE=$CMAKE
    if [ -e "$folder/build.ninja" ] && [ "$CMAKE $CXX $arguments" = "$(cat "$folder/configured-with" 2>/dev/null)" ]; then
        return 0
    fi
    # CXX by the environment: a preset that names its own compiler (fuzz) keeps it.
    # shellcheck disable=SC2086
    (cd "$REPO" && CXX=$CXX step "configuring build/$preset" "$REPO/build/logs/configure-$preset.log" \
        "$CMAKE" --preset "$preset" $arguments) ||
        die 4 "CMake could not configure build/$preset" "read the lines above; rm -rf build/$preset starts afresh"
    printf '%s\n' "$CMAKE $CXX $arguments" >"$folder/configured-with"
}

# build PRESET [TARGET...]: all targets when none is named.
build() {
    local preset=$1 targets=()
    shift
    [ $# -eq 0 ] || targets=(--target "$@")
    (cd "$REPO" && step "building build/$preset${*:+: $*}" "$REPO/build/logs/build-$preset.log" \
        "$CONFIGURED_CMAKE" --build "build/$preset" "${targets[@]}") ||
        die 4 "the build of build/$preset failed" "the compiler's words are above and in build/logs/build-$preset.log"
}

# has_target PRESET TARGET
has_target() {
    # Not grep -q: it stops reading at the first match, and what is cut off then fails the pipe.
    (cd "$REPO" && "$CONFIGURED_CMAKE" --build "build/$1" --target help 2>/dev/null) | grep "^$2:" >/dev/null
}
