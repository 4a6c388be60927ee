#!/bin/bash
# Builds the program for others to run, and prints its path: release.sh [SCRATCH-FOLDER [PRODUCT]]
#
# Swift's runtime is linked statically, C libraries are not. Neither the place of the sources nor that
# of the build is in the program. What follows them all the same, Swift's hashes of its modules and the
# length of a path, is what deb.sh takes care of.
#
# What nobody calls is left out, which takes a tenth of the program's code: nothing is exported, and
# each function has a section of its own that the linker may drop. Relative relocations are packed,
# since the loader reads all of them at each start (glibc 2.36 or later).
set -euo pipefail
cd "$(dirname "$0")/.."
swift="${SWIFT:-swift}"
scratch="$(realpath -m "${1:-.build}")"
product="${2:-broadsheet}"
here="$PWD"

options=(
    -c release --product "$product" --scratch-path "$scratch"
    --static-swift-stdlib --disable-local-rpath -debug-info-format none
    -Xswiftc -file-prefix-map -Xswiftc "$scratch=.build"
    -Xswiftc -file-prefix-map -Xswiftc "$here=."
    -Xcc "-ffile-prefix-map=$scratch=.build" -Xcc "-ffile-prefix-map=$here=."
    -Xswiftc -Xfrontend -Xswiftc -internalize-at-link
    -Xswiftc -Xfrontend -Xswiftc -function-sections -Xcc -ffunction-sections -Xcc -fdata-sections
    -Xswiftc -use-ld=lld -Xlinker --no-export-dynamic -Xlinker -z -Xlinker pack-relative-relocs
    -Xlinker --build-id=sha1
)
"$swift" build "${options[@]}" >&2
echo "$("$swift" build "${options[@]}" --show-bin-path)/$product"
