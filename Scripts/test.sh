#!/bin/bash
# Builds everything, runs the Swift tests, then the interoperability tests with the built program.
set -euo pipefail
cd "$(dirname "$0")/.."
swift="${SWIFT:-swift}"

Scripts/check-floors.py --self-test

"$swift" build --build-tests
"$swift" test --skip-build
Scripts/test-new-expat.sh

"$swift" build --product broadsheet
program="$("$swift" build --show-bin-path)/broadsheet"
Tests/Shell/run.py "$program"
# Hugo is not installed for it; where it is there, real issues are compared with its pages.
if [[ -n "${BROADSHEET_CORPUS:-}" ]] && command -v hugo >/dev/null; then
    Tests/Hugo/compare.py "$program" "$BROADSHEET_CORPUS"
fi
# A sample only: says so where there is no Chromium, which `make test-site` installs.
Tests/Site/run.py "$program"
Tests/Interop/run.py "$program"
# A sample of `make torture`: always the same faults, so that a failure is news.
exec Tests/Torture/torture.py "$program" --points 4 --readers 2000 --seed 8
