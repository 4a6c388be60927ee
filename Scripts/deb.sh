#!/bin/bash
# Makes the Debian package and tells what is in it: deb.sh [PROGRAM]
#
# Without PROGRAM the release program is built. Everything in the package bears the date of the last
# entry of config/debian/changelog, unless SOURCE_DATE_EPOCH says another: the same sources give the
# same package, byte by byte.
set -euo pipefail
cd "$(dirname "$0")/.."

# In KiB: 80 MiB.
largest=81920

Scripts/install-deps.sh --packaging
export SOURCE_DATE_EPOCH="${SOURCE_DATE_EPOCH:-$(dpkg-parsechangelog -l config/debian/changelog -S Timestamp)}"
export LC_ALL=C.UTF-8 TZ=UTC
umask 022

# The compiler puts the length of a path of the sources into the program, though not the path itself
# (where it checks `withoutActuallyEscaping`, as in GRDB). So the folder of the build has a name that
# makes its path as long as any other's.
folder="$PWD/.build/deb/"
((${#folder} < 160)) || { echo "deb: the path of this folder is too long: $PWD" >&2; exit 1; }
scratch="$folder$(printf '%0*d' $((160 - ${#folder})) 0)"
program="${1:-$(Scripts/release.sh "$scratch")}"
version="$(dpkg-parsechangelog -l config/debian/changelog -S Version)"
architecture="$(dpkg --print-architecture)"

if [[ "$("$program" --version)" != "${version%-*}" ]]; then
    echo "deb: the program is $("$program" --version), config/debian/changelog says $version." >&2
    exit 1
fi

work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT
tree="$work/tree"

# Takes out of a program what depends on the folder it was built in: Swift's hashes of its modules, which
# only a later build would read, and with them the build's id, which is made of all the rest.
without_paths() {
    local size
    size="$(size -A -d "$1" | awk '$1 == ".swift_modhash" { print $2 }')"
    head -c "${size:-0}" /dev/zero >"$work/modhash"
    note_of() { printf '\4\0\0\0\24\0\0\0\3\0\0\0GNU\0%b' "$(sed 's/../\\x&/g' <<<"$1")"; }
    note_of "$(printf '0%.0s' {1..40})" >"$work/note"
    objcopy ${size:+--update-section .swift_modhash="$work/modhash"} \
        --update-section .note.gnu.build-id="$work/note" "$1"
    note_of "$(sha1sum "$1" | cut -c 1-40)" >"$work/note"
    objcopy --update-section .note.gnu.build-id="$work/note" "$1"
}

DESTDIR="$tree" PREFIX=/usr UNITDIR=/lib/systemd/system Scripts/install.sh "$program"
strip --strip-all --remove-section=.comment "$tree/usr/bin/broadsheet"
without_paths "$tree/usr/bin/broadsheet"
documents="$tree/usr/share/doc/broadsheet"
install -m 644 config/debian/copyright "$documents/copyright"
gzip -9nc config/debian/changelog >"$work/changelog"
install -m 644 "$work/changelog" "$documents/changelog.Debian.gz"
install -D -m 644 config/debian/lintian-overrides "$tree/usr/share/lintian/overrides/broadsheet"

# What the program's libraries are called here, and from which version on they have what it needs.
libraries() (
    mkdir -p "$work/shlibs/debian"
    printf 'Source: broadsheet\n\nPackage: broadsheet\nArchitecture: any\n' \
        >"$work/shlibs/debian/control"
    cd "$work/shlibs"
    dpkg-shlibdeps -O "$tree/usr/bin/broadsheet" | sed 's/^shlibs:Depends=//'
)

mkdir -p "$tree/DEBIAN"
size="$(du -k --apparent-size -s "$tree" | cut -f 1)"
sed -e "s/@VERSION@/$version/" -e "s/@ARCHITECTURE@/$architecture/" -e "s/@SIZE@/$size/" \
    -e "s/@LIBRARIES@/$(libraries)/" config/debian/control >"$tree/DEBIAN/control"
for script in postinst prerm postrm; do
    install -m 755 "config/debian/$script" "$tree/DEBIAN/$script"
done
echo /etc/broadsheet/broadsheet.yaml >"$tree/DEBIAN/conffiles"
(cd "$tree" && find usr lib -type f -print0 | sort -z | xargs -0 md5sum) >"$tree/DEBIAN/md5sums"
find "$tree" -print0 | xargs -0 touch --no-dereference --date="@$SOURCE_DATE_EPOCH"

mkdir -p dist
package="dist/broadsheet_${version}_$architecture.deb"
# One thread: how many there are shows in what is compressed.
dpkg-deb --root-owner-group --threads-max=1 -Zxz --build "$tree" "$package" >/dev/null

echo "$package: $(stat -c %s "$package") bytes packed, $size KiB installed:"
(cd "$tree" && du -k --apparent-size -s usr/bin/* usr/share/* usr/lib lib etc DEBIAN) |
    sort -rn | awk '{ printf "  %7d KiB  %s\n", $1, $2 }'
echo "the largest parts of the program, ICU's data among its constants (.rodata):"
size -A -d "$tree/usr/bin/broadsheet" | awk '$1 ~ /^\./ { printf "  %7d KiB  %s\n", $2 / 1024, $1 }' |
    sort -rn | sed -n 1,6p
if ((size > largest)); then
    echo "deb: that is more than $largest KiB." >&2
    exit 1
fi
lintian --allow-root --fail-on error,warning "$package"
