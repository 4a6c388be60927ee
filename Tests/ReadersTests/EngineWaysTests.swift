import Commands
import Foundation
import Storage
import Testing
import XML
import XMPP

@testable import Readers

/// Readers by PubSub whom a word in a chat brings there and back, be they served here or elsewhere.
@Suite struct EngineWaysTests {
    private static let engine = "pubsub.mantua.example"
    private static let node = "dispatch-en"

    private func parlour(wait: Duration = .zero) async throws -> Parlour {
        try await Parlour(engine: Self.engine, engineWait: wait)
    }

    /// What the engine was asked for, as `node wanted state`.
    private func asked(
        _ parlour: Parlour,
        by reader: String = "juliet@verona.example"
    ) async throws -> [String] {
        let reader = try JID(reader)
        return try await parlour.store.read { transaction in
            try transaction.engineReaders(of: reader).map {
                "\($0.wish.node) \($0.wish.isSubscribed ? "subscribed" : "none") \($0.state)"
            }
        }
    }

    /// Answers the next request as an engine does, as soon as there is one.
    private func engine(of parlour: Parlour, refusing reason: String? = nil) async throws {
        let service = try JID(Self.engine)
        let end = ContinuousClock.now + .seconds(180)
        while ContinuousClock.now < end {
            let isDone = try await parlour.store.write { transaction -> Bool in
                let step = try transaction.nextEngineStep(of: "dispatch", at: service)
                guard case .reader(let waiting)? = step,
                    let reader = try transaction.beginEngineReader(waiting)
                else { return false }
                if let reason {
                    try transaction.refuseEngineReader(reader, reason: reason)
                    return true
                }
                return try transaction.endEngineReader(reader)
            }
            if isDone { return }
            try await Task.sleep(for: .milliseconds(5))
        }
        Issue.record("Nobody has asked the engine.")
    }

    @Test("what came as messages comes by PubSub, and “subscribe” brings the messages back")
    func local() async throws {
        let parlour = try await Parlour()
        _ = try await parlour.answer(to: "subscribe de")
        let answer = try await parlour.answer(to: "pubsub")
        #expect(answer.text.contains("from news.verona.example (dispatch-de)"))
        #expect(
            try await parlour.subscriptions() == ["dispatch-de juliet@verona.example event short"]
        )
        _ = try await parlour.answer(to: "subscribe de")
        #expect(
            try await parlour.subscriptions() == ["dispatch-de juliet@verona.example chat short"]
        )
    }

    @Test("who reads nothing is told how to begin, and that an engine knows more")
    func nothing() async throws {
        for line in ["pubsub", "language de"] {
            let here = try await Parlour().answer(to: line)
            #expect(here.text.hasSuffix("Write “subscribe” if you want it."))
            let there = try await parlour().answer(to: line)
            #expect(there.text.contains("What comes by PubSub comes from \(Self.engine)"))
        }
    }

    @Test("the answer says that it is done, when the engine has done it")
    func done() async throws {
        let parlour = try await parlour(wait: .seconds(180))
        _ = try await parlour.answer(to: "subscribe")
        // To be subscribed in the chat is not to be so there.
        try await engine(of: parlour)
        async let answer = parlour.answer(to: "pubsub")
        try await engine(of: parlour)
        #expect(try await answer.text.contains("by PubSub, from \(Self.engine) (dispatch-en)"))
        #expect(try await parlour.subscriptions() == [])
        #expect(try await asked(parlour) == [])
    }

    @Test("an engine that does not answer is waited for, and the messages come until it does")
    func waiting() async throws {
        let parlour = try await parlour()
        _ = try await parlour.answer(to: "subscribe")
        let answer = try await parlour.answer(to: "pubsub")
        #expect(answer.text.hasPrefix("\(Self.engine) has not answered yet."))
        #expect(
            try await parlour.subscriptions() == ["dispatch-en juliet@verona.example chat short"]
        )
        #expect(try await asked(parlour) == ["dispatch-en subscribed waiting"])
        let settings = try await parlour.answer(to: "settings").text
        #expect(settings.contains("- en: by PubSub from \(Self.engine), as soon as it answers"))
        let data = try await parlour.answer(to: "mydata").text
        #expect(data.contains("\"wanted\" : \"subscribed\""))
        // To change one's mind is enough.
        _ = try await parlour.answer(to: "subscribe")
        #expect(try await asked(parlour) == ["dispatch-en none waiting"])
    }

    @Test("where the engine refuses, the messages go on, and there is a link")
    func refused() async throws {
        let parlour = try await parlour(wait: .seconds(180))
        _ = try await parlour.answer(to: "subscribe")
        try await engine(of: parlour)
        async let answer = parlour.answer(to: "pubsub")
        try await engine(of: parlour, refusing: "It answers forbidden.")
        let link = "xmpp:\(Self.engine)?pubsub;action=subscribe;node=dispatch-en"
        #expect(try await answer.text.hasSuffix("\n" + link))
        #expect(
            try await parlour.subscriptions() == ["dispatch-en juliet@verona.example chat short"]
        )
        #expect(try await asked(parlour) == [], "they were told")
    }

    @Test(
        "whoever leaves, leaves the engine too, by whichever way",
        arguments: ["unsubscribe", "settings no", "forget me"]
    )
    func leaves(line: String) async throws {
        let parlour = try await parlour()
        _ = try await parlour.answer(to: "subscribe")
        _ = try await parlour.answer(to: "pubsub")
        let answer = try await parlour.answer(to: line, consent: .toEverything)
        if line != "settings no" {
            #expect(answer.text.contains("that ends as soon as it does"))
        }
        #expect(try await parlour.subscriptions() == [])
        let nodes = ["dispatch-en", "dispatch-de", "dispatch-pt-br"]
        #expect(try await asked(parlour) == nodes.map { "\($0) none waiting" })
    }

    @Test("whoever takes a registration back leaves the engine too, which alone knows of it")
    func unregisters() async throws {
        let parlour = try await parlour()
        let query = Element("query", in: .registration) { Element("remove") }
        #expect(try await parlour.register(.set, query).type == .result)
        let nodes = ["dispatch-en", "dispatch-de", "dispatch-pt-br"]
        #expect(try await asked(parlour) == nodes.map { "\($0) none waiting" })
    }

    // MARK: - Strangers

    /// Romeo, of whom nothing was known, waits to leave the engine, and nobody else of whom nothing is.
    private func fullParlour() async throws -> Parlour {
        let parlour = try await Parlour(engine: Self.engine, waitingLeavings: 3)
        _ = try await parlour.answer(to: "unsubscribe", from: "romeo@verona.example")
        #expect(try await asked(parlour, by: "romeo@verona.example").count == 3)
        return parlour
    }

    @Test(
        "where too many wait to leave the engine, strangers are told how to do it themselves",
        arguments: ["unsubscribe", "settings no", "forget me"]
    )
    func strangers(line: String) async throws {
        let parlour = try await fullParlour()
        let answer = try await parlour.answer(to: line, consent: .toEverything).text
        #expect(answer.contains("So many are leaving \(Self.engine)"))
        let link = "xmpp:\(Self.engine)?pubsub;action=unsubscribe;node=dispatch-"
        #expect(answer.components(separatedBy: link).count == 4)
        #expect(!answer.contains("that has ended"))
        #expect(try await asked(parlour) == [])
    }

    @Test("of a single language, they are told the link of that")
    func strangersLanguage() async throws {
        let answer = try await fullParlour().answer(to: "unsubscribe de").text
        let link = "xmpp:\(Self.engine)?pubsub;action=unsubscribe;node=dispatch-de"
        #expect(answer.hasSuffix(":\n" + link))
    }

    @Test("where too many wait, a stranger's registration is not taken back, with the reason")
    func strangersRegistration() async throws {
        let parlour = try await fullParlour()
        let query = Element("query", in: .registration) { Element("remove") }
        let answer = try await parlour.register(.set, query)
        let error = try #require(answer.error)
        #expect(error.condition == .resourceConstraint)
        #expect(error.type == .wait)
        #expect(error.text?.contains("pubsub;action=unsubscribe") == true)
        #expect(try await asked(parlour) == [])
    }

    @Test("where too many wait, a stranger who removes the contact is let go as ever")
    func strangersContact() async throws {
        let parlour = try await fullParlour()
        #expect(try await parlour.presence(.unsubscribe).count == 2)
        #expect(try await asked(parlour) == [])
    }

    @Test("where too many wait, who reads something here leaves, and who waits may say it again")
    func knownReaders() async throws {
        let parlour = try await fullParlour()
        _ = try await parlour.answer(to: "unsubscribe", from: "romeo@verona.example")
        #expect(try await asked(parlour, by: "romeo@verona.example").count == 3)
        // To get it here is to get it there no more, however many wait.
        _ = try await parlour.answer(to: "subscribe")
        #expect(try await asked(parlour) == ["dispatch-en none waiting"])
        _ = try await parlour.answer(to: "unsubscribe")
        #expect(try await asked(parlour).count == 3)
    }

    @Test("nobody is kept whom the engine refuses, if they can't ask what became of it")
    func refusedUnheard() async throws {
        let parlour = try await parlour()
        let query = Element("query", in: .registration) { Element("remove") }
        _ = try await parlour.register(.set, query)
        for _ in 1...3 { try await engine(of: parlour, refusing: "It answers forbidden.") }
        #expect(try await asked(parlour) == [])
        _ = try await parlour.presence(.unsubscribe)
        for _ in 1...3 { try await engine(of: parlour, refusing: "It answers forbidden.") }
        #expect(try await asked(parlour) == [])
        _ = try await parlour.answer(to: "unsubscribe de")
        try await engine(of: parlour, refusing: "It answers forbidden.")
        #expect(try await asked(parlour) == ["dispatch-de none refused"])
        let settings = try await parlour.answer(to: "settings").text
        #expect(settings.contains("- de: may come from \(Self.engine) as well"))
    }

    @Test("whoever leaves while the newsletter's readers come home leaves the former engine too")
    func leavesFormer() async throws {
        let parlour = try await Parlour()
        try await parlour.store.write {
            try $0.startEngineMove(of: "dispatch", at: try JID(Self.engine), isLeavingHome: false)
        }
        _ = try await parlour.answer(to: "unsubscribe")
        let nodes = ["dispatch-en", "dispatch-de", "dispatch-pt-br"]
        #expect(try await asked(parlour) == nodes.map { "\($0) none waiting" })
    }

    @Test("after an engine was waited for in vain nobody waits for a while")
    func patience() {
        let patience = EnginePatience(.seconds(600))
        #expect(patience.end > .now)
        patience.waited(inVain: true)
        #expect(patience.end <= .now)
        patience.waited(inVain: false)
        #expect(patience.end > .now)
    }

    @Test("an engine that lets nobody end anything is no reason to promise it")
    func staysThere() async throws {
        let parlour = try await parlour(wait: .seconds(180))
        async let answer = parlour.answer(to: "unsubscribe de")
        try await engine(of: parlour, refusing: "It answers forbidden.")
        let text = try await answer.text
        #expect(text.hasPrefix("\(Self.engine) does not let me end"))
    }
}
