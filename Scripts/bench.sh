#!/bin/bash
# Builds for release what is measured and what measures, then prints the ratios; BENCH=full takes
# longer and goes up to a million readers, BENCH=requests measures the PubSub service alone, and
# BENCH=modes the ways to PubSub readers, up to 50,000.
set -euo pipefail
cd "$(dirname "$0")/.."

for product in bench-element bench-issues bench-stream bench-idle broadsheet; do
    program="$(Scripts/release.sh .build "$product")"
done
binaries="$(dirname "$program")"

compare_modes() {
    Scripts/bench-modes.py "$binaries" "$@"
}

if [ "${BENCH:-quick}" = modes ]; then
    compare_modes --readers 1000 10000 50000 --rounds 5
    exit
fi

# Real issues if there are any; a whole archive is checked in well under a second.
"$binaries/bench-issues" --limit 1 "${BROADSHEET_CORPUS:-Tests/Samples}/issues"
images="${BROADSHEET_CORPUS:+$BROADSHEET_CORPUS/static}"
Scripts/bench-site.py "$binaries/broadsheet" "${BROADSHEET_CORPUS:-Tests/Samples}/issues" ${images:+"$images"}

case "${BENCH:-quick}" in
    full)
        "$binaries/bench-element"
        /usr/bin/python3 Scripts/bench.py --full --servers "$binaries"
        compare_modes --readers 1000 10000 50000 --rounds 5
        ;;
    requests)
        exec /usr/bin/python3 Scripts/bench.py --full --servers --only-requests "$binaries"
        ;;
    *)
        "$binaries/bench-element" --rounds 5
        /usr/bin/python3 Scripts/bench.py "$binaries"
        /usr/bin/python3 Scripts/bench.py --only-servers --only-requests "$binaries"
        compare_modes --readers 1000
        ;;
esac
