#!/bin/bash
# Installs what building, testing and the demo need from Debian; says nothing when all is there.
#
# Prosody is not installed as a package, since that would enable and start a service: its Lua
# libraries are, and Prosody itself is unpacked under .build/servers. A Prosody that the system
# has already is used as it is; BROADSHEET_PRIVATE_PROSODY=1 unpacks one all the same.
set -euo pipefail
cd "$(dirname "$0")/.."

build_packages=(
    make
    libexpat1-dev
    libssl-dev
    libsqlite3-dev
    libcmark-gfm-dev
    libcmark-gfm-extensions-dev
    libidn2-dev
)
test_packages=(python3 python3-slixmpp)
private_tree=.build/servers/prosody

say() { echo "install-deps: $*" >&2; }

if ! command -v dpkg-query >/dev/null; then
    say "this is not Debian. Install by other means: ${build_packages[*]} ${test_packages[*]} prosody"
    exit 1
fi

is_installed() {
    [[ "$(dpkg-query -W -f='${db:Status-Status}' "$1" 2>/dev/null)" == installed ]]
}

needs_private_prosody() {
    [[ ! -x $private_tree/usr/bin/prosody ]] || return 1
    [[ "${BROADSHEET_PRIVATE_PROSODY:-0}" == 1 || ! -x /usr/bin/prosody ]]
}

# apt-get as root: directly or through sudo.
apt() {
    local sudo=()
    ((EUID == 0)) || sudo=(sudo)
    "${sudo[@]}" env DEBIAN_FRONTEND=noninteractive NEEDRESTART_SUSPEND=1 \
        apt-get -qq "$@" >/dev/null
}

can_be_root() { ((EUID == 0)) || command -v sudo >/dev/null; }

install_missing() {
    local package missing=()
    for package in "$@"; do
        is_installed "$package" || missing+=("$package")
    done
    ((${#missing[@]} > 0)) || return 0
    if ! can_be_root; then
        say "this needs root, and there is no sudo. Run as root, then start again:"
        echo "    apt-get update && apt-get install -y --no-install-recommends ${missing[*]}" >&2
        exit 1
    fi
    say "installing ${missing[*]}"
    refresh_lists_for "${missing[@]}"
    apt install -y --no-install-recommends "${missing[@]}"
}

# A fresh machine or container has no package lists at all.
refresh_lists_for() {
    apt-cache show "$@" >/dev/null 2>&1 || ! can_be_root || apt update
}

# The libraries Prosody depends on, virtual packages resolved to the first that provides them.
# Only lua* and lib*: adduser, ssl-cert and the like set the system up for a service.
prosody_libraries() {
    apt-cache depends --no-recommends --no-suggests --no-conflicts --no-breaks --no-replaces \
        --no-enhances prosody |
        awk '
            /Depends: </ { virtual = 1; next }
            /Depends: / { print $NF; virtual = 0; next }
            virtual { print $1; virtual = 0 }
        ' |
        grep -E '^(lua|lib)' | sort -u
}

unpack_prosody() {
    say "unpacking a private Prosody into $private_tree"
    refresh_lists_for prosody
    local libraries
    mapfile -t libraries < <(prosody_libraries)
    if ((${#libraries[@]} == 0)); then
        say "apt knows no package 'prosody'; run apt-get update as root, check its sources"
        exit 1
    fi
    install_missing "${libraries[@]}"
    # Not local: the trap reads it after the function has returned.
    folder="$(mktemp -d)"
    trap 'rm -rf "$folder"' EXIT
    (cd "$folder" && apt-get -qq -o APT::Sandbox::User=root download prosody)
    dpkg-deb -x "$folder"/prosody_*.deb "$folder/tree"
    mkdir -p "$(dirname "$private_tree")"
    rm -rf "$private_tree"
    mv "$folder/tree" "$private_tree"
}

install_missing "${build_packages[@]}" "${test_packages[@]}"
if needs_private_prosody; then
    unpack_prosody
fi
