import Testing

@testable import Issues

/// Links that are none.
@Suite struct LinkResidueTests {
    private func flaws(_ text: String) -> [LinkResidue.Flaw] {
        let source = BodySource(text, firstLine: 1)
        return LinkResidue.flaws(in: MaskedText(source), of: source)
    }

    @Test(
        "what was meant is told",
        arguments: [
            ("See [a b] (https://a.example/x) now", "[a b](https://a.example/x)"),
            ("See [a b]((https://a.example/x).", "[a b](https://a.example/x)"),
            ("See [a b]( (https://a.example/x)", "[a b](https://a.example/x)"),
            ("[a](https://a. example/x y)", "[a](https://a.example/xy)"),
            ("[a]](https://a.example)", "[a](https://a.example)"),
            ("[a(https://a.example)", "[a](https://a.example)"),
            ("[a `b]`(https://a.example)", "[a `b`](https://a.example)"),
            ("(to read more) (https://a.example)", "[to read more](https://a.example)"),
            ("[a\nb] (/x)", "[a\nb](/x)"),
        ]
    )
    func suggestions(_ text: String, _ suggestion: String) {
        #expect(flaws(text).map(\.suggestion) == [suggestion])
    }

    @Test(
        "what can't be put right without knowing more is pointed at",
        arguments: [
            ("a](https://a.example)", LinkResidue.Flaw.Kind.bracketNotOpened),
            ("[a] (1 h)](https://a.example)", .bracketNotOpened),
            ("[a](https://a.example. And [b](https://b.example)", .parenthesisNotClosed),
            ("[a service] in use (https://a.example)", .apart),
        ]
    )
    func kinds(_ text: String, _ kind: LinkResidue.Flaw.Kind) {
        #expect(flaws(text).map(\.kind) == [kind])
    }

    @Test(
        "links and other brackets are left alone",
        arguments: [
            "[a](https://a.example)", "[a]( https://a.example )", "[a](<https://a.example/b c>)",
            "[a](https://a.example \"b c\")", "[a](https://a.example/(b))", "[a [DE]](/x)",
            "[![a](/a.png)](https://a.example)", "[a](/x) [EN] (since 2020)",
            "[a](/x) ([b](/y)) (https://c.example)", "([EN],[ES] subtitles)",
            "[a](/x) [EN] (https://a.example)",
            "`[a] (https://a.example)`", "``` [a]((x) ```", "\\[a\\] (https://a.example)",
            "```\n[a] (https://a.example)\n```", "(see https://a.example)",
            "{{< figure src=\"/x\" caption=\"[a] (https://a.example)\" >}}",
            "[a\nb](/x)", "a [1] and\n\n](https://a.example", "[sic] (whatever)",
            "A (iOS) (https://a.example)", "]", "[", "](",
            "((",
            "<https://a.example/[b]((/c)>",
        ]
    )
    func links(_ text: String) {
        #expect(flaws(text) == [])
    }

    @Test("any text is looked through to its end, whatever signs are in it")
    func random() {
        var numbers = RepeatableNumbers(seed: 20)
        let parts = [
            "[", "]", "(", ")", " ", "\n", "`", "\\", "https://a.example", "é", "<", "{{<", ">}}",
            "-", "#",
        ]
        for _ in 0..<2_000 {
            let text = (0..<12).map { _ in parts.randomElement(using: &numbers) ?? "" }.joined()
            for flaw in flaws(text) {
                #expect(flaw.range.upperBound <= text.utf8.count)
                #expect(!flaw.range.isEmpty)
            }
        }
    }
}
