#!/bin/bash
# Makes the Debian package twice, as two people would, and compares: test-reproducible.sh [FOLDER]
#
# Each has the sources of the last commit in a folder of its own, with a name as long as it likes,
# another time zone, language and umask. FOLDER keeps what was built, so that the next time is quicker.
set -euo pipefail
cd "$(dirname "$0")/.."
sources="$PWD"
commit="$(git rev-parse HEAD)"

if (($# > 0)); then
    work="$(realpath -m "$1")"
    mkdir -p "$work"
else
    work="$(mktemp -d)"
    trap 'rm -rf "$work"' EXIT
fi

# The file that the package is in: build FOLDER VARIABLE=VALUE...
build() (
    folder="$work/$1"
    shift
    [[ -d "$folder" ]] || git clone -q "$sources" "$folder"
    cd "$folder"
    git fetch -q "$sources" "$commit"
    git checkout -q --detach "$commit"
    rm -rf dist
    env -u SOURCE_DATE_EPOCH "$@" Scripts/deb.sh >&2
    realpath dist/*.deb
)

umask 022
one="$(build one TZ=UTC LC_ALL=C)"
umask 077
other="$(build another/of-somebody-else TZ=Asia/Tokyo LC_ALL=C.UTF-8)"

if ! cmp "$one" "$other"; then
    echo "test-reproducible: the packages differ:" >&2
    # The parts that do; diffoscope would say more.
    for package in "$one" "$other"; do dpkg-deb -x "$package" "$package.tree"; done
    diff -rq "$one.tree" "$other.tree" >&2 || true
    exit 1
fi
echo "two builds of $commit are the same, byte by byte:"
sha256sum "$one" "$other"
