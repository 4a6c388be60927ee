import Testing

@testable import Issues

@Suite struct IssueFixTests {
    private func file(_ body: String) throws -> CheckFile {
        CheckFile(
            path: "2026-03-05-d.md",
            name: try #require(IssueFileName("2026-03-05-d.md")),
            bytes: Array("---\ntitle: T\ndate: 2026-03-05\n---\n\(body)".utf8)
        )
    }

    private func fixed(_ body: String, _ settings: CheckSettings = CheckSettings()) throws
        -> String?
    {
        let fixes = IssueChecker(settings: settings, taxonomy: nil).fixes(of: [try file(body)])
        return fixes.first.map {
            String(String(decoding: $0.after, as: UTF8.self).dropFirst(34))
        }
    }

    @Test(
        "what is mechanical is corrected",
        arguments: [
            ("[a] (https://b.example)", "[a](https://b.example)"),
            ("[a]((https://b.example)", "[a](https://b.example)"),
            ("[a](https://b. example/c)", "[a](https://b.example/c)"),
            ("text\n## Title", "text\n\n## Title"),
            ("- é\n  ## Title", "- é\n\n## Title"),
            ("##Title", "## Title"),
            ("- é\n-two [c] (https://d.example)", "- é\n- two [c](https://d.example)"),
            ("• one", "- one"),
            ("[a]((https://b.example)).", "[a](https://b.example)."),
            ("é The Montаgues — 'Rоmeo', да", "é The Montagues — 'Romeo', да"),
            ("## Help us\n\n[a](#help-uss)", "## Help us\n\n[a](#help-us)"),
        ]
    )
    func corrections(_ body: String, _ expected: String) throws {
        #expect(try fixed(body) == expected)
    }

    @Test(
        "what needs judgement, or was switched off, is left as it is",
        arguments: ["[a](https://b.example", "![](/c.png)", "[x](ftp://a.example)", "fine"]
    )
    func leftAlone(_ body: String) throws {
        #expect(try fixed(body) == nil)
        let settings = CheckSettings(levels: [.linkBroken: .off])
        #expect(try fixed("[a] (https://b.example)", settings) == nil)
    }

    @Test("a file with other line ends keeps every byte")
    func lineEnds() throws {
        #expect(try fixed("##Title\r\n") == nil)
    }

    @Test("the difference is shown as diff -u does")
    func difference() throws {
        let body = "a\nb\nc\n##Title\nd\ne\nf\ng\nh\ni\nj\n-x\n"
        let fix = IssueChecker(taxonomy: nil).fixes(of: [try file(body)]).first
        #expect(
            fix?.diff
                == """
                --- 2026-03-05-d.md
                +++ 2026-03-05-d.md
                @@ -6,5 +6,6 @@
                 b
                 c
                -##Title
                +
                +## Title
                 d
                 e
                @@ -14,4 +15,4 @@
                 i
                 j
                --x
                +- x
                 \n
                """.replacing("\\n", with: "\n")
        )
        #expect(fix?.count == 2)
    }

    @Test("whatever a file holds, only blanks, brackets and look-alikes change, and twice is once")
    func nothingIsLost() throws {
        var numbers = RepeatableNumbers(seed: 21)
        let parts = [
            "[a] (https://b.example)", "##Title", "\n", "\n\n", "-x", "- y", " ", "Montаgue", "é",
            "[c](https://d. example)", "```\n", "`", "• z", "text", "((",
            "[[e]](https://f.example)",
            "  ## G", "{{< figure src=\"/a\" >}}", "(g h i) (https://j.example)", "\\", "🕊️",
        ]
        let checker = IssueChecker(taxonomy: nil)
        var seen = 0
        for _ in 0..<300 {
            let count = Int.random(in: 1..<20, using: &numbers)
            let body = (0..<count).map { _ in parts.randomElement(using: &numbers) ?? "" }.joined()
            let file = try file(body)
            for fix in checker.fixes(of: [file]) {
                seen += 1
                let isSame = Self.letters(fix.before) == Self.letters(fix.after)
                #expect(isSame, "\(body)")
                let copy = CheckFile(path: file.path, name: file.name, bytes: fix.after)
                #expect(checker.fixes(of: [copy]).isEmpty, "\(body)")
                #expect(!fix.diff.isEmpty)
            }
        }
        #expect(seen > 50)
    }

    private static func letters(_ bytes: [UInt8]) -> [Unicode.Scalar] {
        LookAlike.latin(String(decoding: bytes, as: UTF8.self)).unicodeScalars
            .filter { !" \n[]()-•".unicodeScalars.contains($0) }
    }
}
