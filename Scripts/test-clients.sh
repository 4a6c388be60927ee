#!/bin/bash
# Builds the program and has real clients subscribe, read and leave:
#
#     test-clients.sh [--server prosody|ejabberd|both] [CLIENT ...]
#
# Pictures of what they show stay in .build/clients.
set -euo pipefail
cd "$(dirname "$0")/.."
swift="${SWIFT:-swift}"

Scripts/install-deps.sh --clients
"$swift" build --product broadsheet
mkdir -p .build/clients
exec Tests/Clients/run.py "$("$swift" build --show-bin-path)/broadsheet" --pictures .build/clients "$@"
