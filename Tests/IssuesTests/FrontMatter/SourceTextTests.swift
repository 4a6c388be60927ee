import Testing

@testable import Issues

@Suite struct SourceTextTests {
    private let head = "---\ntitle: A\ndate: 2026-03-05\n---\n"

    private func parse(_ bytes: [UInt8]) throws -> NewsletterIssue {
        let name = try #require(IssueFileName("2026-03-05-a.md"))
        return try NewsletterIssue.parse(bytes, fileName: name, in: Sample.context)
    }

    @Test("a file that is not UTF-8 is refused with the place of the first wrong byte")
    func notUTF8() throws {
        let error = #expect(throws: IssueError.self) {
            try parse(Array((head + "Gr").utf8) + [0xFC] + Array("ße\n".utf8))
        }
        #expect(
            error?.description
                == "2026-03-05-a.md:5:3: error: The file is not UTF-8: byte 36 does not belong there. "
                + "Save it as UTF-8. [encoding]"
        )
    }

    @Test("a byte order mark and the line ends of other systems make no difference")
    func lineEnds() throws {
        let text = head + "# One\n\nTwo\nthree\n"
        let plain = try parse(Array(text.utf8))
        let dos = try parse([0xEF, 0xBB, 0xBF] + Array(text.replacing("\n", with: "\r\n").utf8))
        let mac = try parse(Array(text.replacing("\n", with: "\r").utf8))
        #expect(dos == plain)
        #expect(mac == plain)
        #expect(plain.body.count == 2)
    }

    @Test("control characters are warned of and never reach XML, by entities neither")
    func controlCharacters() throws {
        let issue = try parse(Array((head + "a\u{0}b\u{1B}c &#1; &#xFFFE;\n").utf8))
        #expect(issue.warnings.map(\.rule) == [.controlCharacter])
        #expect(issue.warnings.first?.place == SourcePlace(line: 5, column: 2))
        #expect(Markup.xhtml(issue) == "<p>a\u{FFFD}b\u{FFFD}c \u{FFFD} \u{FFFD}</p>")
    }
}
