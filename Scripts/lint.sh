#!/bin/bash
# Every check of form, each of them run even if one before it failed; fails if any did.
set -uo pipefail
cd "$(dirname "$0")/.."
swift="${SWIFT:-swift}"
failed=()

check() {
    local name="$1"
    shift
    if "$@"; then
        echo "lint: $name: ok"
    else
        echo "lint: $name: FAILED" >&2
        failed+=("$name")
    fi
}

shell_scripts_parse() {
    local script
    for script in Scripts/*.sh .ci/run; do
        bash -n "$script" || return 1
    done
}

python_scripts_compile() {
    # Compiled in memory: __pycache__ would land beside the sources.
    find Scripts Tests -name '*.py' -print0 | xargs -0 /usr/bin/python3 -c '
import sys
for path in sys.argv[1:]:
    with open(path, encoding="utf-8") as file:
        compile(file.read(), path, "exec")
'
}

# In a fresh clone nothing is resolved yet.
dependencies_are_documented() {
    "$swift" package resolve >/dev/null && Scripts/sbom.py --check
}

# -warnings-as-errors on the command line would collide with the -suppress-warnings that SwiftPM
# gives to dependencies; so the manifest switches it on for our own modules when asked to.
builds_without_warnings() {
    if ! grep -q BROADSHEET_STRICT Package.swift; then
        echo "Package.swift does not read BROADSHEET_STRICT, so warnings would pass unseen" >&2
        return 1
    fi
    BROADSHEET_STRICT=1 "$swift" build --build-tests
}

check "format" "$swift" format lint -s -r Sources Tests Package.swift
check "floors can fail" Scripts/check-floors.py --self-test
check "floors" Scripts/check-floors.py
check "imports can be refused" Scripts/check-dependencies.py --self-test
check "imports" Scripts/check-dependencies.py
check "dependencies" dependencies_are_documented
check "shell scripts" shell_scripts_parse
check "python scripts" python_scripts_compile
check "warnings" builds_without_warnings
check "fuzz targets" Scripts/fuzz.sh --check

if ((${#failed[@]} > 0)); then
    echo "lint: failed: ${failed[*]}" >&2
    exit 1
fi
