import Testing

@testable import Issues

@Suite struct ChatPartsTests {
    @Test("a text within the limit stays one message")
    func one() {
        #expect(ChatParts("Title\n\nText", limit: 500).texts == ["Title\n\nText"])
    }

    @Test("a longer text ends between paragraphs, and each part says which it is")
    func paragraphs() {
        let paragraphs = (1...6).map { "\($0) " + String(repeating: "word ", count: 40) + "end" }
        let text = (["Title"] + paragraphs).joined(separator: "\n\n")
        let parts = ChatParts(text, limit: 500).texts
        #expect(parts.count == 3)
        for (index, part) in parts.enumerated() {
            #expect(part.hasPrefix("Title (\(index + 1)/3)\n\n"))
            #expect(part.hasSuffix("end"))
            #expect(part.utf8.count <= 500)
        }
        let found = parts.flatMap { $0.split(separator: "\n").dropFirst() }.map(String.init)
        #expect(found == paragraphs)
    }

    @Test("code that is cut is closed, and opened again in the next message")
    func code() throws {
        let code = (1...80).map { "line \($0)" }.joined(separator: "\n")
        let parts = ChatParts("Title\n\n```\n\(code)\n```\n\nEnd.", limit: 500).texts
        try #require(parts.count == 2)
        for part in parts {
            #expect(part.split(separator: "\n").count { $0 == "```" } == 2, "\(part)")
        }
        #expect(parts[0].hasSuffix("\n```"))
        #expect(parts[1].contains("/2)\n\n```\nline "))
    }

    @Test("a word without end is cut between characters as people see them")
    func emoji() {
        let family = "👩‍👩‍👧"
        let parts = ChatParts("T\n\n" + String(repeating: family, count: 100), limit: 500).texts
        #expect(parts.count > 2)
        let emoji = parts.flatMap { $0.split(separator: "\n").dropFirst() }.joined()
        #expect(emoji == String(repeating: family, count: 100))
        #expect(
            parts.allSatisfy { $0.split(separator: "\n")[1].count { $0 == Character(family) } > 1 }
        )
    }

    @Test("whatever the text, no message is over the limit and no word is lost")
    func anyText() {
        var numbers = RepeatableNumbers(seed: 11)
        let words = [
            "word", "\n", "\n\n", "```\n", " ", String(repeating: "x", count: 700), "é", "🕊️",
            "e" + String(repeating: "\u{301}", count: 400), "- a\n", "> q\n", "\n```\n",
        ]
        for _ in 0..<300 {
            let count = Int.random(in: 0..<60, using: &numbers)
            let body = (0..<count).map { _ in words.randomElement(using: &numbers) ?? "" }.joined()
            let limit = Int.random(in: 1..<900, using: &numbers)
            let parts = ChatParts("Title\n\n" + body, limit: limit).texts
            for part in parts {
                #expect(part.utf8.count <= max(limit, ChatParts.smallestLimit))
            }
            let told = parts.map { part in
                parts.count == 1
                    ? Substring(part)
                    : part.dropFirst(
                        part.firstIndex(of: "\n").map {
                            part.distance(from: part.startIndex, to: $0)
                        } ?? 0
                    )
            }
            func letters(_ text: String) -> [Unicode.Scalar] {
                text.unicodeScalars.filter { !" \n`".unicodeScalars.contains($0) }
            }
            let all = parts.count == 1 ? "Title\n\n" + body : body
            #expect(letters(told.joined()) == letters(all))
        }
    }
}
