#!/bin/bash
# Builds for release what is measured and what measures, then prints the ratios; BENCH=full takes
# longer and goes up to a million readers, BENCH=requests measures the PubSub service alone.
set -euo pipefail
cd "$(dirname "$0")/.."

for product in bench-element bench-issues bench-stream bench-idle broadsheet; do
    program="$(Scripts/release.sh .build "$product")"
done
binaries="$(dirname "$program")"

# Real issues if there are any; a whole archive is checked in well under a second.
"$binaries/bench-issues" --limit 1 "${BROADSHEET_CORPUS:-Tests/Samples}/issues"
images="${BROADSHEET_CORPUS:+$BROADSHEET_CORPUS/static}"
Scripts/bench-site.py "$binaries/broadsheet" "${BROADSHEET_CORPUS:-Tests/Samples}/issues" ${images:+"$images"}

case "${BENCH:-quick}" in
    full)
        "$binaries/bench-element"
        exec /usr/bin/python3 Scripts/bench.py --full --servers "$binaries"
        ;;
    requests)
        exec /usr/bin/python3 Scripts/bench.py --full --servers --only-requests "$binaries"
        ;;
    *)
        "$binaries/bench-element" --rounds 5
        /usr/bin/python3 Scripts/bench.py "$binaries"
        exec /usr/bin/python3 Scripts/bench.py --only-servers --only-requests "$binaries"
        ;;
esac
