#!/bin/bash
# Runs tests under the thread and the address sanitizer; both have builds of their own.
#
#     Scripts/sanitize.sh [thread|address]…
#
# The tests that only compute are left out: they run for hours under a sanitizer, and what they
# feed is fed to the same code by `make fuzz`, under the address sanitizer.
set -euo pipefail
cd "$(dirname "$0")/.."
swift="${SWIFT:-swift}"
# A finding is printed by the sanitizer; Swift's own backtrace would take its signal away.
export SWIFT_BACKTRACE=enable=no

under() {
    local sanitizer="$1"
    shift
    "$swift" build --build-tests --sanitize "$sanitizer" --scratch-path ".build-$sanitizer"
    "$swift" test --skip-build --sanitize "$sanitizer" --scratch-path ".build-$sanitizer" "$@"
}

thread() {
    export TSAN_OPTIONS="halt_on_error=1 exitcode=66 suppressions=$PWD/Scripts/thread-sanitizer.supp"
    under thread --skip '^(IssuesTests|WebArchiveTests|LinkCheckTests)\.'
}

# Where memory is in C's hands: expat, OpenSSL, libidn2 and what is read and written beside them.
# How much of it is in use can't be measured here: the sanitizer keeps what was freed for a while.
address() {
    # What the Swift runtime keeps for ever is no leak.
    export ASAN_OPTIONS="detect_leaks=0"
    under address --filter '^(XMLTests|XMPPTests|IDNATests|ComponentTests)\.' --skip MemoryTests
}

(($# > 0)) || set -- thread address
for sanitizer in "$@"; do
    case "$sanitizer" in
    thread | address) "$sanitizer" ;;
    *)
        echo "sanitize.sh: $sanitizer is neither thread nor address" >&2
        exit 2
        ;;
    esac
done
