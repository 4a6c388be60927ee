import Foundation
import Testing

@testable import Issues

/// Copies of the list in a folder, as people name them.
@Suite struct SpecificationFolderTests {
    private let url = FileManager.default.temporaryDirectory.appending(
        path: "lists-\(UInt.random(in: 0...UInt.max))"
    )
    private var folder: SpecificationFolder {
        SpecificationFolder(path: url.path(percentEncoded: false))
    }

    @Test("the last two are compared, or those that are named by their beginnings")
    func choice() throws {
        try write("2026-08-01.xml", "2026-09-01.xml", "2026-10-01.xml")
        defer { try? FileManager.default.removeItem(at: url) }
        let last = try folder.changes(from: nil, to: nil)
        #expect([last.old, last.new] == ["2026-09-01.xml", "2026-10-01.xml"])
        let named = try folder.changes(from: "2026-08", to: "2026-10-01.xml")
        #expect([named.old, named.new] == ["2026-08-01.xml", "2026-10-01.xml"])
        let upTo = try folder.changes(from: nil, to: "2026-09")
        #expect([upTo.old, upTo.new] == ["2026-08-01.xml", "2026-09-01.xml"])
    }

    @Test(
        "a name that leads elsewhere is no name",
        arguments: ["../secret.xml", "/etc/passwd", ".hidden.xml", "link.xml", "2027", "notes.txt"]
    )
    func strangers(name: String) throws {
        try write("2026-08-01.xml", "2026-09-01.xml", ".hidden.xml", "notes.txt")
        defer { try? FileManager.default.removeItem(at: url) }
        try FileManager.default.createSymbolicLink(
            at: url.appending(path: "link.xml"),
            withDestinationURL: url.appending(path: "notes.txt")
        )
        let error = #expect(throws: SpecificationFolderError.self) {
            try folder.changes(from: name, to: "2026-09")
        }
        #expect(error == .unknown(name, known: ["2026-08-01.xml", "2026-09-01.xml"]))
    }

    @Test("what is missing or unclear is said")
    func problems() throws {
        #expect(throws: SpecificationFolderError.self) { try folder.changes(from: nil, to: nil) }
        try write("2026-09-01.xml")
        defer { try? FileManager.default.removeItem(at: url) }
        let few = #expect(throws: SpecificationFolderError.self) {
            try folder.changes(from: nil, to: nil)
        }
        #expect(few?.description.contains("there is 2026-09-01.xml.") == true)
        try write("2026-09-15.xml")
        let unclear = #expect(throws: SpecificationFolderError.self) {
            try folder.changes(from: nil, to: "2026-09")
        }
        #expect(
            unclear?.description
                == "'2026-09' could be 2026-09-01.xml or 2026-09-15.xml; say which."
        )
        try Data("<xep-infos/>".utf8).write(to: url.appending(path: "2026-09-15.xml"))
        #expect(throws: SpecificationListError.self) { try folder.changes(from: nil, to: nil) }
    }

    private func write(_ names: String...) throws {
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        let text =
            "<xep-infos><xep><number>1</number><title>T</title></xep></xep-infos>"
        for name in names { try Data(text.utf8).write(to: url.appending(path: name)) }
    }
}
