import Commands
import LinkCheck
import Synchronization
import Testing

@testable import Newsroom

@Suite("The question where an issue's links lead")
struct CheckLinksTests {
    private let folder: IssueFolder

    init() throws {
        folder = try IssueFolder()
    }

    /// A web in which addresses that end so are gone, or can't be told of; it takes one question.
    private final class Web: LinkFollowing {
        private let questions = Mutex<[Question]>([])

        struct Question: Sendable {
            let addresses: [String]
            let tell: @Sendable ([String: LinkVerdict]) async -> Void
        }

        func follow(
            _ addresses: [String],
            tell: @escaping @Sendable ([String: LinkVerdict]) async -> Void
        ) -> Bool {
            questions.withLock {
                guard $0.isEmpty else { return false }
                $0.append(Question(addresses: addresses, tell: tell))
                return true
            }
        }

        /// Answers what was asked, all but the addresses that end with `late`.
        func answer() async {
            guard let question = questions.withLock({ $0.popLast() }) else { return }
            var verdicts: [String: LinkVerdict] = [:]
            for address in question.addresses where !address.hasSuffix("late") {
                verdicts[address] =
                    switch address {
                    case _ where address.hasSuffix("gone"): .dead(reason: "the server says 410")
                    case _ where address.hasSuffix("closed"):
                        .unclear(reason: "the server says 401")
                    default: .reachable
                    }
            }
            await question.tell(verdicts)
        }
    }

    private final class Listener: CommandResponder {
        let speaksLater: Bool
        private let texts = Mutex<[String]>([])

        init(speaksLater: Bool = true) { self.speaksLater = speaksLater }

        var heard: [String] { texts.withLock { $0 } }

        func progress(_ text: String) async { texts.withLock { $0.append(text) } }
    }

    private func bureau(_ web: Web?, body: String) async throws -> Bureau {
        try await Bureau(
            files: ["2026-04-05-x.md": smallIssue(body: body)],
            in: folder,
            links: web
        )
    }

    @Test("is answered later, by what leads nowhere and what nobody can tell")
    func outcome() async throws {
        let web = Web()
        let listener = Listener()
        let body = """
            [One](https://a.example/fine#here), [another](https://a.example/fine),
            [the third](https://b.example/gone), [the fourth](https://c.example/closed),
            [the last](https://d.example/late).
            """
        let bureau = try await bureau(web, body: body)
        let outcome = try await bureau.say("check 2026-04 links", as: .editor, responder: listener)
        #expect(outcome.text == "en: nothing found.")
        let announcement = "Following 4 links; I will say here where they lead."
        #expect(listener.heard == [announcement])
        #expect(
            try await bureau.say("check 2026-04 links", as: .editor, responder: listener).text
                .contains("too many questions of that kind wait")
        )
        await web.answer()
        #expect(
            listener.heard == [
                announcement,
                """
                Links of 2026-04-05-x: 1 fine, 1 dead, 1 nobody can tell.
                - 2026-04-05-x.md:7:1: warning: https://b.example/gone leads nowhere: the server says 410. \
                Correct the address, or link elsewhere. [link-dead]
                One of those nobody can tell: https://c.example/closed: the server says 401
                1 more was not followed, since there were too many or time was over.
                """,
            ]
        )
    }

    @Test("needs the operator's leave, a place for the answer, and links")
    func refusals() async throws {
        let body = "[One](https://a.example/)."
        let closed = try await bureau(nil, body: body)
        #expect(
            try await closed.say("check 2026-04 links", as: .editor, responder: Listener()).text
                .contains("the operator has not allowed it (links.follow)")
        )
        let open = try await bureau(Web(), body: body)
        let form = Listener(speaksLater: false)
        #expect(
            try await open.say("check 2026-04 links", as: .editor, responder: form).text
                .contains("ask in the room or in a chat")
        )
        let plain = try await bureau(Web(), body: "No link.")
        #expect(
            try await plain.say("check 2026-04 links", as: .editor, responder: Listener()).text
                == "en: nothing found.\nIt has no links to the web."
        )
    }

    @Test("is not asked by who does not ask for it")
    func plain() async throws {
        let web = Web()
        let bureau = try await bureau(web, body: "[One](https://a.example/gone).")
        let listener = Listener()
        let outcome = try await bureau.say("check 2026-04", as: .editor, responder: listener)
        #expect(outcome.text == "en: nothing found.")
        await web.answer()
        #expect(listener.heard.isEmpty)
    }
}
