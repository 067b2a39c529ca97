# What the verbs of `run` are made of: packages, steps with a heading and a log, builds and tests.
# shellcheck shell=bash

mkdir -p build/logs

# ccache finds an object again from a clone in another folder.
export CCACHE_BASEDIR=$PWD CCACHE_NOHASHDIR=1
export UBSAN_OPTIONS=print_stacktrace=1
jobs=${MILETUS_JOBS:-$(nproc)}

fail() {
    printf 'run: %s\n' "$*" >&2
    exit 1
}

packages_of() { # section…: their packages, one a line
    local section
    for section in "$@"; do
        sed -n "/^\[$section\]/,/^\[/{/^[#[]/d;/^$/d;p}" tools/packages.txt
    done
}

is_installed() {
    [[ $(dpkg-query -W -f='${db:Status-Status}' "$1" 2>/dev/null) == installed ]] ||
        [[ $1 == npm && -n $(command -v npm) ]] # a nodejs from elsewhere brings its own
}

as_root() {
    if [[ $(id -u) == 0 ]]; then
        "$@"
    elif command -v sudo >/dev/null; then
        sudo "$@"
    else
        fail "missing packages, and neither root nor sudo here. As root: apt-get install $missing"
    fi
}

install_missing() {
    as_root env DEBIAN_FRONTEND=noninteractive apt-get update -q &&
        as_root env DEBIAN_FRONTEND=noninteractive \
            apt-get install -y -q --no-install-recommends "$@"
}

need() { # section…: installs what is missing of them
    local package
    missing=
    command -v dpkg-query >/dev/null || fail "this is no Debian; install tools/packages.txt by hand"
    for package in $(packages_of "$@"); do
        is_installed "$package" || missing+=" $package"
    done
    [[ -z $missing ]] && return
    [[ $(id -u) == 0 ]] || ! command -v sudo >/dev/null || sudo -v
    # shellcheck disable=SC2086
    step "install$missing" install_missing $missing
}

log_of() { # heading: the file that keeps what the step prints
    local name=${1//[^A-Za-z0-9]/-}
    printf 'build/logs/%.80s.log' "$name"
}

watch_step() { # pid log: while it runs, its newest line on a terminal, a sign of life elsewhere
    local waited=0
    while kill -0 "$1" 2>/dev/null; do
        sleep 0.2
        waited=$((waited + 1))
        if [[ -t 1 ]]; then
            printf '\r\033[K  %4ds  %.70s' $((waited / 5)) "$(tail -n 1 "$2" | tr -d '\r\033')"
        elif ((waited % 150 == 0)); then
            printf '  %4ds  %.90s\n' $((waited / 5)) "$(tail -n 1 "$2" | tr -d '\r\033')"
        fi
    done
    [[ -t 1 ]] && printf '\r\033[K'
    return 0
}

step() { # heading command…: runs it into a log, which is shown if it fails
    local heading=$1 log start=$SECONDS child
    shift
    log=$(log_of "$heading")
    printf '== %s\n' "$heading"
    # A process group of its own, so that an interrupt ends the compilers too.
    set -m
    "$@" >"$log" 2>&1 </dev/null &
    child=$!
    set +m
    trap 'kill -- -'"$child"' 2>/dev/null; exit 130' INT TERM
    watch_step "$child" "$log"
    if wait "$child"; then
        trap - INT TERM
        printf '   ok, %d s\n' $((SECONDS - start))
        return
    fi
    trap - INT TERM
    tail -n 200 "$log"
    fail "failed: $heading (all of it: $log)"
}

shout() { # heading command…: a short step whose output is shown
    local heading=$1
    shift
    printf '== %s\n' "$heading"
    "$@" || fail "failed: $heading"
}

configure_and_build() { # preset target…
    local preset=$1
    shift
    cmake --preset "$preset" && cmake --build "build/$preset" --parallel "$jobs" --target "$@"
}

build() { # preset target…
    step "build $1: ${*:2}" configure_and_build "$@"
}

run_tests() { # preset ctest-arguments…: runs them and counts the cases inside each binary
    local preset=$1 heading log
    shift
    heading="tests $preset"
    log=$(log_of "$heading")
    step "$heading" ctest --test-dir "build/$preset" --output-on-failure --no-tests=error \
        --parallel "$jobs" "$@"
    local binaries cases
    binaries=$(grep -cE 'Test +#[0-9]+: .* Passed' "$log")
    cases=$(sed -nE 's/^\[==========\] ([0-9]+) tests? from .* ran\..*/\1/p' \
        "build/$preset/Testing/Temporary/LastTest.log" | paste -sd+ | sed 's/^$/0/')
    printf '   %d passed, 0 failed; the test binaries among them ran %d cases\n' \
        "$binaries" "$((cases))"
}

# ccxt, exactly as the lock file has it, where it does not lie there already. Nothing of it is run
# at its installation.
install_clients() {
    local lock=tests/clients/package-lock.json
    [[ tests/clients/node_modules/.package-lock.json -nt $lock ]] && return
    step "install ccxt" npm ci --prefix tests/clients --ignore-scripts --omit=optional \
        --no-audit --no-fund
}

sources() { # every C++ file that clang-format looks after
    find . \( -path ./build -o -path ./.git -o -name node_modules \) -prune \
        -o \( -name '*.cpp' -o -name '*.hpp' \) -print | sort
}

fuzzers() { # the names in fuzz/CMakeLists.txt
    sed -nE 's/^fuzzer\((\w+).*/\1/p' fuzz/CMakeLists.txt
}
