import Foundation
import Testing

@testable import Issues

@Suite struct SpecificationListTests {
    private let xml = """
        <?xml version="1.0"?>
        <xep-infos>
        <xep accepted="true"><number>45</number><title>Multi-User  Chat</title></xep>
        <xep accepted="true"><number>60</number><title>Publish-Subscribe</title></xep>
        <xep accepted="false"><proto-name>moving</proto-name><title>Moving</title></xep>
        </xep-infos>
        """

    @Test("numbers and titles are read, proposals have none")
    func reading() throws {
        let list = try SpecificationList(xml: xml)
        #expect(list.titles == ["0045": "Multi-User Chat", "0060": "Publish-Subscribe"])
    }

    @Test("a file that is none says so, with its name")
    func errors() throws {
        #expect(throws: SpecificationListError.self) {
            try SpecificationList(file: URL(filePath: "/nonexistent/xeplist.xml"))
        }
        let file = FileManager.default.temporaryDirectory.appending(
            path: "list-\(UInt.random(in: 0...UInt.max))"
        )
        try Data("<xep-infos><xep>".utf8).write(to: file)
        defer { try? FileManager.default.removeItem(at: file) }
        let error = #expect(throws: SpecificationListError.self) {
            try SpecificationList(file: file)
        }
        #expect(error?.description.contains("is no list of specifications") == true)
    }

    @Test(
        "a title is compared wherever it stands behind a number",
        arguments: [
            ("[XEP-0045](https://a.example/) (Multi-User Chat)", nil),
            ("[XEP-0045 (Multi-User Chat)](https://a.example/)", nil),
            ("[XEP-0045: Multi-User Chat](https://a.example/)", nil),
            ("XEP-0045 (MUC)", nil), ("XEP-0045 (version 1.34 of it)", nil), ("XEP-0045 (", nil),
            ("see https://xmpp.org/extensions/xep-9999.html", nil), ("XXEP-9999 or XEP-99999", nil),
            ("XEP-0045 (multi user chat)", nil),
            ("XEP-0045 (Publish-Subscribe)", "specification-title"),
            ("[XEP-0045: Multy-User Chat](https://a.example/)", "specification-title"),
            ("[XEP-0046](https://a.example/) (Anything)", "specification-unknown"),
        ]
    )
    func titles(_ text: String, _ expected: String?) throws {
        let list = try SpecificationList(xml: xml)
        let checker = IssueChecker(
            settings: CheckSettings(specifications: list),
            taxonomy: nil
        )
        let file = CheckFile(
            path: "a.md",
            name: try #require(IssueFileName("2026-03-05-d.md")),
            bytes: Array("---\ntitle: T\ndate: 2026-03-05\n---\n\(text)\n".utf8)
        )
        #expect(checker.check([file]).findings.map(\.rule.rawValue) == [expected].compactMap { $0 })
    }
}
