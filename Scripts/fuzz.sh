#!/bin/bash
# Feeds made-up input to the parsers, under libFuzzer and the address sanitizer.
#
#     Scripts/fuzz.sh [SECONDS] [TARGET…]
#
# Each target (Tests/Fuzz/Targets) runs for SECONDS, 600 if not given. What libFuzzer learns stays
# in .build-fuzz/corpus; an input that fails is left in .build-fuzz/findings, and the script fails.
set -euo pipefail
cd "$(dirname "$0")/.."
swiftc="${SWIFTC:-swiftc}"
build=.build-fuzz
seconds="${1:-600}"
shift || true
if (($# > 0)); then
    targets=("$@")
else
    targets=(Stream Stanza JID DataForm)
fi

flags=(
    -swift-version 6 -O -g -parse-as-library -package-name broadsheet
    -enable-upcoming-feature ExistentialAny -enable-upcoming-feature InternalImportsByDefault
    -sanitize=fuzzer,address -use-ld=lld -I "$build" -I Sources/CExpat -I Sources/CIDN2
)

compile_module() {
    find "Sources/$1" -name '*.swift' -print0 | sort -z | xargs -0 "$swiftc" "${flags[@]}" \
        -wmo -module-name "$1" -emit-module -emit-module-path "$build/$1.swiftmodule" \
        -c -o "$build/$1.o"
}

link_target() {
    "$swiftc" "${flags[@]}" -module-name "Fuzz$1" Tests/Fuzz/Demand.swift \
        "Tests/Fuzz/Targets/$1.swift" \
        "$build/XML.o" "$build/IDNA.o" "$build/XMPP.o" -o "$build/Fuzz$1"
}

mkdir -p "$build/findings"
for module in XML IDNA XMPP; do
    compile_module "$module"
done
for target in "${targets[@]}"; do
    link_target "$target"
done

export LSAN_OPTIONS=suppressions=Tests/Fuzz/leaks.txt:print_suppressions=0
# A crash is for libFuzzer to report; Swift would stop to show where it was.
export SWIFT_BACKTRACE=enable=no
failed=()
for target in "${targets[@]}"; do
    echo "fuzz: $target for $seconds s"
    mkdir -p "$build/corpus/$target"
    "$build/Fuzz$target" -max_total_time="$seconds" -timeout=10 -rss_limit_mb=1024 \
        -print_final_stats=1 -artifact_prefix="$build/findings/$target-" \
        "$build/corpus/$target" "Tests/Fuzz/Seeds/$target" \
        2> "$build/$target.log" || failed+=("$target")
    grep -E '^stat::number_of_executed_units|^stat::average_exec_per_sec|ERROR|Fatal error' \
        "$build/$target.log" || true
done

if ((${#failed[@]} > 0)); then
    echo "fuzz: failed: ${failed[*]}; see $build/*.log and $build/findings" >&2
    exit 1
fi
