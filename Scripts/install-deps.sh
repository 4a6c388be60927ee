#!/bin/bash
# Installs what building, testing and the demo need from Debian; says nothing when all is there.
#
#     install-deps.sh              for building and testing
#     install-deps.sh --packaging  for the Debian package only
#     install-deps.sh --system     for a system of its own in which the package is tried
#     install-deps.sh --clients    the clients that are driven by `make test-clients`, with a display
#
# The servers that the tests start are not installed as packages, since that would enable and start
# services: prosody, ejabberd and stunnel4 their own, erlang-base one named epmd. Only the libraries they
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
    libqrencode-dev
)
test_packages=(python3 python3-slixmpp python3-yaml lua5.4 openssl curl)
client_packages=(
    python3-slixmpp
    python3-nbxmpp
    tmux
    profanity
    poezio
    gajim
    dino-im
    psi
    psi-plus
    libervia-backend
    libervia-cli
    xvfb
    openbox
    xdotool
    dbus-daemon
    libglib2.0-bin
    imagemagick
    fonts-noto-core
    fonts-noto-color-emoji
    iproute2
    util-linux
)
servers=.build/servers

say() { echo "install-deps: $*" >&2; }

if ! command -v dpkg-query >/dev/null; then
    say "this is not Debian. Install by other means: ${build_packages[*]} ${test_packages[*]}" \
        "prosody ejabberd stunnel4"
    exit 1
fi

if ! command -v "${SWIFT:-swift}" >/dev/null; then
    say "there is no Swift here. Install 6.3 from https://www.swift.org/install/linux and put its" \
        "usr/bin into the PATH; then start again."
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

# Whoever sits at a terminal may be asked for a password; a script is never.
can_be_root() {
    ((EUID != 0)) || return 0
    command -v sudo >/dev/null || return 1
    sudo -n true 2>/dev/null || { [[ -t 0 ]] && sudo true; }
}

install_missing() {
    local package missing=()
    for package in "$@"; do
        is_installed "$package" || missing+=("$package")
    done
    ((${#missing[@]} > 0)) || return 0
    if ! can_be_root; then
        say "this needs root, and you are not root and may not use sudo. Run as root, then start again:"
        echo "    apt-get update && apt-get install -y --no-install-recommends ${missing[*]}" >&2
        exit 1
    fi
    say "installing ${missing[*]}"
    refresh_lists_for "${missing[@]}"
    # Lists that are some weeks old name files that the mirror has no more.
    apt install -y --no-install-recommends "${missing[@]}" 2>/dev/null || {
        apt update
        apt install -y --no-install-recommends "${missing[@]}"
    }
}

# apt-cache show is content with one of several, so each is asked for by itself.
apt_knows() {
    local package
    for package in "$@"; do
        [[ "$(apt-cache policy "$package")" == *"Candidate: "[^\(]* ]] || return 1
    done
}

# A fresh machine or container has no package lists at all.
refresh_lists_for() {
    apt_knows "$@" || ! can_be_root || apt update
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

# The packages to unpack for a server.
packages_of() {
    echo "$1"
    [[ "$1" != ejabberd ]] || erlang_packages
}

# Only lua* and lib* are installed: adduser, ssl-cert and the like set the system up for a service.
libraries_of() {
    local packages
    mapfile -t packages < <(packages_of "$1")
    dependencies "${packages[@]}" | grep -E '^(lua|lib)'
}

unpack_server() {
    local packages
    say "unpacking a private $1 into $servers/$1"
    mapfile -t packages < <(packages_of "$1")
    unpack "$1" "${packages[@]}"
}

case "${1:-}" in
    --packaging) install_missing dpkg-dev lintian && exit ;;
    --system) install_missing debootstrap systemd-container iproute2 && exit ;;
    --clients) install_missing "${client_packages[@]}" && exit ;;
esac

wanted=("${build_packages[@]}" "${test_packages[@]}")
unpacked=()
! needs_private prosody usr/bin/prosody || unpacked+=(prosody)
! needs_private ejabberd usr/sbin/ejabberdctl || unpacked+=(ejabberd)
! needs_private stunnel4 usr/bin/stunnel4 || unpacked+=(stunnel4)

# All at once: whoever has to ask an administrator asks one time.
if ((${#unpacked[@]} > 0)); then
    refresh_lists_for "${unpacked[@]}"
    for server in "${unpacked[@]}"; do
        if ! apt_knows "$server"; then
            # Without root this ends here, with a command that brings the lists as well.
            install_missing "${wanted[@]}"
            say "apt knows no package '$server'. Run as root: apt-get update; if that does not" \
                "help, look at /etc/apt/sources.list. Then start again."
            exit 1
        fi
        mapfile -t -O "${#wanted[@]}" wanted < <(libraries_of "$server")
    done
fi
install_missing "${wanted[@]}"
for server in "${unpacked[@]}"; do
    unpack_server "$server"
done
