#!/bin/bash
# Puts the program and all that belongs to it where a system expects it: install.sh PROGRAM
#
#     DESTDIR     a folder that stands for / while a package is made
#     PREFIX      /usr/local by default
#     SYSCONFDIR  /etc by default
#     UNITDIR     PREFIX/lib/systemd/system by default
#
# A configuration that is there already is left as it is. Nothing is started, nobody is added.
set -euo pipefail
cd "$(dirname "$0")/.."
program="$1"
prefix="${PREFIX:-/usr/local}"
etc="${SYSCONFDIR:-/etc}"
units="${UNITDIR:-$prefix/lib/systemd/system}"
root="${DESTDIR:-}"
share="$root$prefix/share"
work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT

# put MODE FILE TARGET
put() { install -D -m "$1" "$2" "$3"; }

# changed FILE FROM TO...: prints the file with one text for another; each has to be there.
changed() {
    local text from
    text="$(cat "$1")"
    shift
    while (($# > 0)); do
        from="$1"
        if [[ "$text" != *"$from"* ]]; then
            echo "install: there is no '$from' any more" >&2
            return 1
        fi
        text="${text//"$from"/"$2"}"
        shift 2
    done
    printf '%s\n' "$text"
}

put 755 "$program" "$root$prefix/bin/broadsheet"

changed config/broadsheet.service /usr/bin/ "$prefix/bin/" /etc/broadsheet "$etc/broadsheet" \
    >"$work/unit"
put 644 "$work/unit" "$root$units/broadsheet.service"
put 644 config/sysusers.conf "$root$prefix/lib/sysusers.d/broadsheet.conf"
put 644 config/tmpfiles.conf "$root$prefix/lib/tmpfiles.d/broadsheet.conf"

# The folders that the unit makes; whoever runs it by hand changes them.
changed config/broadsheet.yaml \
    'database: broadsheet.sqlite' 'database: /var/lib/broadsheet/broadsheet.sqlite' \
    'socket: control.sock' 'socket: /run/broadsheet/control.sock' \
    'issues: issues' 'issues: /var/lib/broadsheet/issues' >"$work/broadsheet.yaml"
[[ -e "$root$etc/broadsheet/broadsheet.yaml" ]] ||
    put 644 "$work/broadsheet.yaml" "$root$etc/broadsheet/broadsheet.yaml"

Scripts/manual.py "$program" "$work"
gzip -9n "$work/broadsheet.1" "$work/broadsheet.yaml.5" "$work/broadsheet-chat.7"
put 644 "$work/broadsheet.1.gz" "$share/man/man1/broadsheet.1.gz"
put 644 "$work/broadsheet.yaml.5.gz" "$share/man/man5/broadsheet.yaml.5.gz"
put 644 "$work/broadsheet-chat.7.gz" "$share/man/man7/broadsheet-chat.7.gz"

# Debian keeps packages apart from what an administrator adds.
zsh=site-functions
[[ "$prefix" != /usr ]] || zsh=vendor-completions
for shell in bash zsh fish; do
    # Read by the shell, not run: no line for who runs it.
    "$program" --generate-completion-script "$shell" | sed '1{/^#!/d}' >"$work/$shell"
done
put 644 "$work/bash" "$share/bash-completion/completions/broadsheet"
put 644 "$work/zsh" "$share/zsh/$zsh/_broadsheet"
put 644 "$work/fish" "$share/fish/vendor_completions.d/broadsheet.fish"

# Whoever reads them there has no source at hand, and finds all in one folder.
changed README.md '](docs/' '](' ', and [how to work on it](CONTRIBUTING.md)' '' \
    '; see [LICENSE](LICENSE)' '' >"$work/README.md"
for page in "$work/README.md" docs/*.md; do
    put 644 "$page" "$share/doc/broadsheet/$(basename "$page")"
done
for picture in docs/images/*; do
    put 644 "$picture" "$share/doc/broadsheet/images/$(basename "$picture")"
done
for drop_in in config/drop-ins/*.conf; do
    put 644 "$drop_in" "$share/doc/broadsheet/drop-ins/$(basename "$drop_in")"
done
for file in config/monitoring/*; do
    put 644 "$file" "$share/doc/broadsheet/monitoring/$(basename "$file")"
done
gzip -9nc CHANGELOG.md >"$work/changelog.gz"
put 644 "$work/changelog.gz" "$share/doc/broadsheet/changelog.gz"
