import Testing

@testable import Daemon

@Suite("Versions of libraries")
struct LibraryVersionTests {
    private func library(_ version: String, fixedIn fixed: String = "3.0.7") -> LibraryVersion {
        LibraryVersion(name: "library", version: version, fixedIn: fixed, fault: "it burns")
    }

    @Test(
        "numbers count, not letters",
        arguments: [
            ("3.0.6", true), ("3.0.7", false), ("3.0.10", false), ("1.1.1w", true),
            ("3.0", true), ("4", false), ("3.0.7+quic", false),
        ]
    )
    func order(version: String, isFaulty: Bool) {
        #expect(library(version).isFaulty == isFaulty)
    }

    @Test("a fault is told with what to do, and is no reason to fail")
    func told() {
        let diagnosis = Diagnosis.libraries([library("3.0.1"), library("3.0.9")])
        #expect(diagnosis.verdict == .warning)
        #expect(diagnosis.text.hasPrefix("library is 3.0.1, and before 3.0.7 it burns.\nUpdate"))
        #expect(Diagnosis.libraries([library("3.1")]).text == "library 3.1.")
    }

    @Test("those that are loaded tell their versions")
    func loaded() {
        #expect(LibraryVersion.all.map(\.name) == ["expat", "OpenSSL", "SQLite"])
        #expect(LibraryVersion.all.allSatisfy { $0.version.first?.isNumber == true })
    }
}
