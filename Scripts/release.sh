#!/bin/bash
# Builds the program for others to run, and prints its path: release.sh [SCRATCH-FOLDER]
#
# Swift's runtime is linked statically, C libraries are not. Neither the place of the sources nor that
# of the build is in the program: two builds of the same sources are the same, byte by byte.
set -euo pipefail
cd "$(dirname "$0")/.."
swift="${SWIFT:-swift}"
scratch="$(realpath -m "${1:-.build}")"
here="$PWD"

options=(
    -c release --product broadsheet --scratch-path "$scratch"
    --static-swift-stdlib --disable-local-rpath -debug-info-format none
    -Xswiftc -file-prefix-map -Xswiftc "$scratch=.build"
    -Xswiftc -file-prefix-map -Xswiftc "$here=."
    -Xcc "-ffile-prefix-map=$scratch=.build" -Xcc "-ffile-prefix-map=$here=."
    -Xlinker --build-id=sha1
)
"$swift" build "${options[@]}" >&2
echo "$("$swift" build "${options[@]}" --show-bin-path)/broadsheet"
