#!/bin/bash
# Builds the program and plays the demo with it; STAY=1 stays up afterwards.
set -euo pipefail
cd "$(dirname "$0")/.."

"${SWIFT:-swift}" build --product broadsheet
binary="$("${SWIFT:-swift}" build --show-bin-path)/broadsheet"

arguments=()
case "${STAY:-0}" in
    0 | no) ;;
    *) arguments+=(--stay) ;;
esac
exec /usr/bin/python3 Scripts/demo.py "${arguments[@]}" "$binary"
