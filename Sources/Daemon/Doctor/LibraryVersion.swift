import Component
import Storage
import XML

/// A library of the system that we stand on, and since which version a known fault of it is gone.
package struct LibraryVersion: Hashable, Sendable {
    package let name: String
    package let version: String
    let fixedIn: String
    /// What went wrong before, and under which number that is known.
    let fault: String

    /// Those that read what strangers send, and the one that keeps what there is.
    package static var all: [LibraryVersion] {
        [
            LibraryVersion(
                name: "expat",
                version: ExpatLibrary.version,
                fixedIn: "2.4.5",
                fault: "what somebody sends can make it write beyond its memory (CVE-2022-25315)"
            ),
            LibraryVersion(
                name: "OpenSSL",
                version: OpenSSLLibrary.version,
                fixedIn: "3.0.7",
                fault: "a certificate can make it write beyond its memory (CVE-2022-3602)"
            ),
            LibraryVersion(
                name: "SQLite",
                version: SQLiteLibrary.version,
                fixedIn: "3.39.2",
                fault: "a very long text can make it write beyond its memory (CVE-2022-35737)"
            ),
        ]
    }

    /// By their numbers, as far as both have them.
    ///
    /// A distribution may have mended an older one.
    var isFaulty: Bool {
        Self.numbers(version).lexicographicallyPrecedes(Self.numbers(fixedIn))
    }

    private static func numbers(_ version: String) -> [Int] {
        version.split(separator: ".").map { Int($0.prefix(while: \.isNumber)) ?? 0 }
    }
}

extension Diagnosis {
    /// What there is to say of libraries.
    static func libraries(_ libraries: [LibraryVersion]) -> Diagnosis {
        let faulty = libraries.filter(\.isFaulty)
        guard faulty.isEmpty else {
            let sentences = faulty.map {
                "\($0.name) is \($0.version), and before \($0.fixedIn) \($0.fault)."
            }
            return Diagnosis(
                "libraries",
                .warning,
                sentences.joined(separator: "\n")
                    + "\nUpdate them, unless your distribution says that it has mended its version."
            )
        }
        let named = libraries.map { "\($0.name) \($0.version)" }
        return Diagnosis("libraries", .fine, named.joined(separator: ", ") + ".")
    }
}
