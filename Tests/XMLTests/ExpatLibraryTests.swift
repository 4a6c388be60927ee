import Foundation
import Testing

@Suite("The expat that is tested")
struct ExpatLibraryTests {
    /// Set by Scripts/test-new-expat.sh: where the library was unpacked.
    private static let wanted = ProcessInfo.processInfo.environment["BROADSHEET_EXPAT"]

    @Test(
        "when the tests are repeated with another library, it is that one that is loaded",
        .enabled(if: wanted != nil, "Scripts/test-new-expat.sh has not asked for one")
    )
    func library() throws {
        let wanted = try #require(Self.wanted)
        // Its size is unknown to the file system, so it is read to the end.
        let file = try #require(FileHandle(forReadingAtPath: "/proc/self/maps"))
        let maps = try #require(try file.readToEnd())
        let libraries = String(decoding: maps, as: UTF8.self).split(separator: "\n").filter {
            $0.contains("/libexpat.so")
        }
        #expect(!libraries.isEmpty && libraries.allSatisfy { $0.contains(" \(wanted)/") })
        // What makes that library worth a run of its own.
        #expect(dlsym(nil, "XML_SetReparseDeferralEnabled") != nil)
    }
}
