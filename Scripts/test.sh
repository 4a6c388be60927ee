#!/bin/bash
# Builds everything, runs the Swift tests, then the interoperability tests with the built program.
set -euo pipefail
cd "$(dirname "$0")/.."
swift="${SWIFT:-swift}"

# A thousand tests at once print a failure far above the end: it is said again as the last word.
swift_tests() {
    local log status=0
    log="$(mktemp)"
    "$swift" test --skip-build "$@" 2>&1 | tee "$log" || status=$?
    if ((status != 0)); then
        echo "test.sh: swift test $* failed:"
        grep -A 8 '^✘ Test .* recorded an issue' "$log" | grep -v '^[◇✔]' || tail -n 40 "$log"
    fi
    rm "$log"
    return "$status"
}

Scripts/check-floors.py --self-test
# A build that is not the first finds modules that nobody named; the next newcomer's would not.
Scripts/check-dependencies.py

"$swift" build --build-tests
# Reading every issue there is keeps all cores busy; what waits for sockets and clocks would wait
# behind it, so it has a run of its own.
busy='^(IssuesTests|WebArchiveTests|LinkCheckTests)\.'
swift_tests --skip "$busy"
swift_tests --filter "$busy"
Scripts/test-new-expat.sh

"$swift" build --product broadsheet
program="$("$swift" build --show-bin-path)/broadsheet"
Tests/Shell/run.py "$program"
Tests/Shell/guide.py "$program"
Tests/Package/unit.py
Tests/Package/install.py "$program"
# Hugo is not installed for it; where it is there, real issues are compared with its pages.
if [[ -n "${BROADSHEET_CORPUS:-}" ]] && command -v hugo >/dev/null; then
    Tests/Hugo/compare.py "$program" "$BROADSHEET_CORPUS"
fi
# A sample only: says so where there is no Chromium, which `make test-site` installs.
Tests/Site/run.py "$program"
Tests/Interop/run.py "$program"
# A sample of `make torture`: always the same faults, so that a failure is news.
exec Tests/Torture/torture.py "$program" --points 4 --readers 2000 --seed 13639
