#!/bin/bash
# Installs what building, testing and the demo need from Debian; says nothing when all is there.
#
# The servers that the tests start are not installed as packages, since that would enable and start
# services: prosody and ejabberd their own, erlang-base one named epmd. Only the libraries they
# need are installed, and the servers, with Erlang, are unpacked under .build/servers. A server that
# the system has already is used as it is; BROADSHEET_PRIVATE_SERVERS=1 unpacks all the same.
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
test_packages=(python3 python3-slixmpp openssl)
servers=.build/servers

say() { echo "install-deps: $*" >&2; }

if ! command -v dpkg-query >/dev/null; then
    say "this is not Debian. Install by other means: ${build_packages[*]} ${test_packages[*]}" \
        "prosody ejabberd"
    exit 1
fi

is_installed() {
    [[ "$(dpkg-query -W -f='${db:Status-Status}' "$1" 2>/dev/null)" == installed ]]
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

# What packages depend on, virtual ones resolved to the first that provides them.
dependencies() {
    apt-cache depends --no-recommends --no-suggests --no-conflicts --no-breaks --no-replaces \
        --no-enhances "$@" |
        awk '
            /Depends: </ { virtual = 1; next }
            /Depends: / { print $NF; virtual = 0; next }
            virtual { print $1; virtual = 0 }
        ' | sort -u
}

# Erlang's packages among the dependencies, theirs too.
erlang_packages() {
    apt-cache depends --recurse --no-recommends --no-suggests --no-conflicts --no-breaks \
        --no-replaces --no-enhances ejabberd | grep -E '^erlang-[a-z0-9-]+$' | sort -u
}

# Unpacks packages together into a tree: unpack NAME PACKAGE...
unpack() {
    local tree="$servers/$1" package
    shift
    # Not local: the trap reads it after the function has returned.
    folder="$(mktemp -d)"
    trap 'rm -rf "$folder"' EXIT
    (cd "$folder" && apt-get -qq -o APT::Sandbox::User=root download "$@")
    for package in "$folder"/*.deb; do
        dpkg-deb -x "$package" "$folder/tree"
    done
    mkdir -p "$servers"
    rm -rf "$tree"
    mv "$folder/tree" "$tree"
    rm -rf "$folder"
}

# needs_private NAME FILE: FILE is the server's program, from the root of a tree.
needs_private() {
    [[ ! -x "$servers/$1/$2" ]] || return 1
    [[ "${BROADSHEET_PRIVATE_SERVERS:-0}" == 1 || ! -x "/$2" ]]
}

# Only lua* and lib* are installed: adduser, ssl-cert and the like set the system up for a service.
unpack_server() {
    local server="$1" packages=("$1") libraries
    say "unpacking a private $server into $servers/$server"
    refresh_lists_for "$server"
    if ! apt-cache show "$server" >/dev/null 2>&1; then
        say "apt knows no package '$server'; run apt-get update as root, check its sources"
        exit 1
    fi
    [[ "$server" != ejabberd ]] || mapfile -t -O 1 packages < <(erlang_packages)
    mapfile -t libraries < <(dependencies "${packages[@]}" | grep -E '^(lua|lib)')
    install_missing "${libraries[@]}"
    unpack "$server" "${packages[@]}"
}

install_missing "${build_packages[@]}" "${test_packages[@]}"
if needs_private prosody usr/bin/prosody; then
    unpack_server prosody
fi
if needs_private ejabberd usr/sbin/ejabberdctl; then
    unpack_server ejabberd
fi
