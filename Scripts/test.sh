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
exec Tests/Interop/run.py "$("$swift" build --show-bin-path)/broadsheet"
