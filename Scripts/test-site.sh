#!/bin/bash
# Makes the web archive of the sample issues, and of the corpus where there is one, and looks at it
# in a real Chromium; so it does at the page of `broadsheet report`. Screenshots stay in .build/site and
# .build/site-report.
set -euo pipefail
cd "$(dirname "$0")/.."
swift="${SWIFT:-swift}"

if ! command -v chromium >/dev/null; then
    sudo=()
    ((EUID == 0)) || sudo=(sudo)
    "${sudo[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -qq install -y --no-install-recommends \
        chromium >/dev/null
fi
"$swift" build --product broadsheet
binary="$("$swift" build --show-bin-path)/broadsheet"
export SITE_REQUIRED=1
Tests/Site/run.py "$binary"
Tests/Site/report.py "$binary"
if [[ -n "${BROADSHEET_CORPUS:-}" ]]; then
    Tests/Site/run.py "$binary" "$BROADSHEET_CORPUS/issues" "$BROADSHEET_CORPUS/static"
fi
