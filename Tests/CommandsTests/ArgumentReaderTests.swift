import Testing

@testable import Commands

@Suite("Parameters with a word before them")
struct LedParameterTests {
    private static let parameters = [
        Parameter("issue", .issue, summary: "Which"),
        Parameter("now", .choice(["now"]), isRequired: false, summary: "At once"),
        Parameter("language", .language, isRequired: false, isRepeated: true, summary: "Which"),
        Parameter("time", .text, isRequired: false, lead: "at", summary: "When"),
    ]

    private static let publish = Command(
        "publish",
        summary: "Publish",
        parameters: parameters,
        role: .reader,
        audience: .newsroom,
        changesSomething: true
    ) { _, _ in .done("") }

    private func read(_ line: String) throws -> CommandArguments {
        try ArgumentReader.read(WordReader(line), for: Self.parameters)
    }

    @Test("what stands behind the word is for the parameter, whatever else waits")
    func led() throws {
        #expect(try read("x at 2026-10-05 09:00") == ["issue": "x", "time": "2026-10-05 09:00"])
        #expect(
            try read("x de fr AT tomorrow")
                == ["issue": "x", "language": "de", "language": "fr", "time": "tomorrow"]
        )
        #expect(try read("x now de") == ["issue": "x", "now": "now", "language": "de"])
    }

    @Test("the word alone is not enough, and without it nothing is for the parameter")
    func mistakes() throws {
        #expect(throws: ArgumentReader.Mistake.missing(Self.parameters[3])) { try read("x at") }
        #expect(throws: ArgumentReader.Mistake.self) { try read("x 2026-10-05 09:00") }
    }

    @Test("the usage shows the word, and so does the line as it was given")
    func written() throws {
        #expect(Self.publish.usage == "publish ISSUE [now] [LANGUAGE…] [at TIME…]")
        let line = "publish x de at 2026-10-05 09:00"
        let invocation = CommandInvocation(
            command: "publish",
            arguments: try read("x de at 2026-10-05 09:00"),
            invoker: Invoker(role: .reader, jid: nil, displayName: "Romeo"),
            face: .shell
        )
        #expect(Self.publish.line(of: invocation) == line)
    }
}
