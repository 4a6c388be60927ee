#!/bin/bash
# Feeds made-up input to the parsers, under libFuzzer and the address sanitizer.
#
#     Scripts/fuzz.sh [SECONDS] [TARGET…]
#     Scripts/fuzz.sh --check
#
# Each target (Tests/Fuzz/Targets) runs for SECONDS, 600 if not given. What libFuzzer learns stays
# in .build-fuzz/corpus; an input that fails is left in .build-fuzz/findings, and the script fails.
# --check only reads the targets as the compiler does, with the package as its tests were built.
set -euo pipefail
cd "$(dirname "$0")/.."
swiftc="${SWIFTC:-swiftc}"
swift="${SWIFT:-swift}"
build=.build-fuzz
is_check=false
if [[ "${1:-}" == --check ]]; then is_check=true; fi
seconds="${1:-600}"
shift || true
if (($# > 0)); then
    targets=("$@")
else
    targets=(Stream Stanza JID DataForm TLS FrontMatter Markdown Taxonomy Commands
        Routing PubSub Configuration)
fi

# What the package manager calls the package: its folder, in lower case.
package="$(basename "$PWD" | tr '[:upper:]' '[:lower:]' | tr -c '[:alnum:]\n' _)"
language=(
    -swift-version 6 -parse-as-library -package-name "$package"
    -enable-upcoming-feature ExistentialAny -enable-upcoming-feature InternalImportsByDefault
)
flags=(
    "${language[@]}" -O -g
    -sanitize=fuzzer,address -use-ld=lld -I "$build" -I Sources/CExpat -I Sources/CIDN2
    -I Sources/CCMarkGFM -I Sources/CSQLite -I .build/checkouts/Yams/Sources/CYaml/include
)

# Modules the fuzzer sees into, in the order of their floors. What else a target needs is taken as
# the package is built.
small=(XML IDNA XMPP Localization Spelling Issues Commands)
large=(PubSubWire Storage PubSub Daemon)

# The files in a module's Resources as the package manager compiles them in.
embed_resources() {
    python3 - "$1" <<'END'
import pathlib, re, sys
print("struct PackageResources {")
for file in sorted(pathlib.Path(f"Sources/{sys.argv[1]}/Resources").iterdir()):
    name = re.sub(r"\W", "_", file.name)
    print(f"    static let {name}: [UInt8] = {list(file.read_bytes())}")
print("}")
END
}

compile_module() {
    local resources=()
    if [[ -d "Sources/$1/Resources" ]]; then
        resources=("$build/$1Resources.swift")
        embed_resources "$1" > "${resources[0]}"
    fi
    find "Sources/$1" "${resources[@]}" -name '*.swift' -print0 | sort -z |
        xargs -0 "$swiftc" "${flags[@]}" \
        -wmo -enable-testing -module-name "$1" -emit-module \
        -emit-module-path "$build/$1.swiftmodule" -c -o "$build/$1.o" "${@:2}"
}

# Where the package is built, and what its C modules are called.
prepare_products() {
    "$swift" build --product broadsheet
    find_products
}

find_products() {
    local map
    products="$("$swift" build --show-bin-path)"
    maps=(-I "$products/Modules")
    for map in "$products"/*.build/module.modulemap .build/checkouts/*/Sources/*/module.modulemap \
        .build/checkouts/*/Sources/*/include/module.modulemap; do
        maps+=(-Xcc "-fmodule-map-file=$map")
    done
    for map in Sources/C*/; do maps+=(-I "$map"); done
}

# All that the modules above stand on, as an archive from which the linker takes what is needed.
gather_products() {
    local seen
    seen="$(IFS='|'; echo "${small[*]} ${large[*]}" | tr ' ' '|')"
    rm -f "$build/products.a"
    find "$products" -path '*.build/*.o' ! -path '*-tool.build*' ! -path '*Test*' \
        ! -path '*/broadsheet*' ! -path '*/Bench*' ! -path '*Yam*' -print0 |
        grep -zvE "/($seen)\.build/" | xargs -0 ar qcs "$build/products.a"
}

# The files of a TLS session, compiled with their target: with the rest of their module would come
# the whole network library, of which they need the type for bytes alone.
session_files() {
    find Sources/Component/TLS -name '*.swift' ! -name TLSHandler.swift | sort
}

link_tls() {
    local products map maps=()
    "$swift" build --target NIOCore
    products="$("$swift" build --show-bin-path)"
    for map in "$products"/*.build/module.modulemap \
        .build/checkouts/*/Sources/*/include/module.modulemap; do
        maps+=(-Xcc "-fmodule-map-file=$map")
    done
    # An archive, from which the linker takes what is needed.
    rm -f "$build/libraries.a"
    find "$products" -path '*.build/*.o' \( -path '*NIO*' -o -path '*tomics*' \
        -o -path '*ollections*' -o -path '*Module.build*' -o -path '*Containers*' \) \
        ! -path '*Test*' ! -path '*NIOPosix*' ! -path '*-tool.build*' -print0 |
        xargs -0 ar qcs "$build/libraries.a"
    mapfile -t sources < <(session_files)
    "$swiftc" "${flags[@]}" -module-name FuzzTLS -I "$products/Modules" -I Sources/COpenSSL \
        "${maps[@]}" Tests/Fuzz/Demand.swift Tests/Fuzz/Targets/TLS.swift "${sources[@]}" \
        "$build/libraries.a" -o "$build/FuzzTLS"
}

# A certificate for the server that the target plays.
make_identity() {
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 30 \
        -subj /CN=chat.verona.lit -keyout "$build/key.pem" -out "$build/certificate.pem" 2>/dev/null
    cat "$build/certificate.pem" "$build/key.pem" > "$build/identity.pem"
    export BROADSHEET_FUZZ_IDENTITY="$build/identity.pem"
    BROADSHEET_FUZZ_FINGERPRINT="$(openssl x509 -noout -fingerprint -sha256 -in "$build/certificate.pem")"
    export BROADSHEET_FUZZ_FINGERPRINT
}

# The reader of YAML, without the fuzzer's eyes: what is to be found out is what we do with it.
compile_yams() {
    local yams=.build/checkouts/Yams/Sources
    [ -d "$yams" ] || "$swift" package resolve
    for file in "$yams"/CYaml/src/*.c; do
        clang -O2 -c -I "$yams/CYaml/include" "$file" -o "$build/CYaml-$(basename "$file" .c).o"
    done
    find "$yams/Yams" -name '*.swift' -print0 | sort -z | xargs -0 "$swiftc" -swift-version 5 -O \
        -parse-as-library -D SWIFT_PACKAGE -I "$yams/CYaml/include" -wmo -module-name Yams \
        -emit-module -emit-module-path "$build/Yams.swiftmodule" -c -o "$build/Yams.o"
}

link_target() {
    if [[ "$1" == TLS ]]; then
        make_identity
        link_tls
        return
    fi
    local objects=("${small[@]/#/$build/}") more=("${large[@]/#/$build/}")
    objects=("${objects[@]/%/.o}") more=("${more[@]/%/.o}")
    if is_large "$1"; then
        "$swiftc" "${flags[@]}" "${maps[@]}" -module-name "Fuzz$1" \
            Tests/Fuzz/{Demand,Waiting}.swift "Tests/Fuzz/Targets/$1.swift" \
            "${objects[@]}" "${more[@]}" "$build/Yams.o" "$build"/CYaml-*.o \
            "$build/products.a" -l{sqlite3,ssl,crypto,qrencode} -o "$build/Fuzz$1"
        return
    fi
    "$swiftc" "${flags[@]}" -module-name "Fuzz$1" Tests/Fuzz/Demand.swift \
        "Tests/Fuzz/Targets/$1.swift" \
        "${objects[@]}" "$build/Yams.o" "$build"/CYaml-*.o -o "$build/Fuzz$1"
}

is_large() {
    [[ "$1" == Routing || "$1" == PubSub || "$1" == Configuration ]]
}

check_target() {
    local sources=(Tests/Fuzz/Demand.swift "Tests/Fuzz/Targets/$1.swift")
    if is_large "$1"; then sources+=(Tests/Fuzz/Waiting.swift); fi
    if [[ "$1" == TLS ]]; then
        local session
        mapfile -t session < <(session_files)
        sources+=("${session[@]}")
    fi
    "$swiftc" -typecheck "${language[@]}" "${maps[@]}" -module-name "Fuzz$1" "${sources[@]}"
}

if $is_check; then
    find_products
    for target in "${targets[@]}"; do
        check_target "$target"
    done
    echo "fuzz: ${#targets[@]} targets can be compiled"
    exit 0
fi

mkdir -p "$build/findings"
compile_yams
for module in "${small[@]}"; do
    compile_module "$module"
done
for target in "${targets[@]}"; do
    if is_large "$target"; then
        prepare_products
        for module in "${large[@]}"; do
            compile_module "$module" "${maps[@]}"
        done
        gather_products
        break
    fi
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
    # With tasks on other threads, what is still in use looks like a leak between two inputs.
    leaks=1
    if is_large "$target"; then leaks=0; fi
    ASAN_OPTIONS="detect_leaks=$leaks" "$build/Fuzz$target" -max_total_time="$seconds" \
        -timeout=10 -rss_limit_mb=1024 \
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
