import Commands
import Foundation
import PubSub
import Publishing
import Storage
import Testing
import XML
import XMPP

@testable import Readers

/// The form for settings, which changes what was changed in it and nothing else.
@Suite struct ChangedSettingsTests {
    private let juliet = "juliet@verona.example"

    @Test("sent back unchanged, it leaves pause, end and suspension as they were")
    func untouched() async throws {
        let parlour = try await Parlour()
        for line in ["subscribe de", "full"] { _ = try await parlour.answer(to: line) }
        let end = Date(timeIntervalSince1970: 4_000_000_000)
        try await parlour.change { transaction, record in
            var choice = record.choice
            choice.expiresAt = end
            try transaction.setOptions(choice, of: record.id)
            try transaction.pause(record.id, until: end)
            try transaction.suspend(record.id, at: end)
        }
        let before = try await parlour.states()
        #expect(before == ["dispatch-de chat full paused ends suspended"])
        let shown = try await parlour.formValues()
        #expect(
            shown == [
                "reading": ["yes"], "amount": ["full"], "language": ["de"], "translations": ["yes"],
            ]
        )
        try await parlour.submit("settings", shown)
        #expect(try await parlour.states() == before)
    }

    @Test("a registration sent back unchanged, or the same topics, leave all that too")
    func registered() async throws {
        let parlour = try await Parlour(topics: ["events", "software"])
        for line in ["subscribe de events", "full"] { _ = try await parlour.answer(to: line) }
        let end = Date(timeIntervalSince1970: 4_000_000_000)
        try await parlour.change { transaction, record in
            try transaction.pause(record.id, until: end)
            try transaction.suspend(record.id, at: end)
        }
        let before = try await parlour.states()
        #expect(before == ["dispatch-de-events chat full paused suspended"])
        let query = Element("query", in: .registration)
        let offer = try #require(try await parlour.register(.get, query).payload)
        var form = DataForm(try #require(offer.child("x", in: .dataForms)))
        form.type = .submit
        let filled = Element("query", in: .registration) { form.element }
        #expect(try await parlour.register(.set, filled).type == .result)
        let legacy = Element("query", in: .registration) { Element("misc") { "de" } }
        #expect(try await parlour.register(.set, legacy).type == .result)
        #expect(try await parlour.register(.set, query).type == .result)
        _ = try await parlour.answer(to: "topics events")
        #expect(try await parlour.states() == before)
        _ = try await parlour.answer(to: "topics events software")
        #expect(
            try await parlour.states() == before + ["dispatch-de-software chat full paused"],
            "a further topic comes as the others do"
        )
    }

    @Test("no translation after the original is a word, a form and a registration")
    func translations() async throws {
        let parlour = try await Parlour()
        _ = try await parlour.answer(to: "subscribe de")
        func once() async throws -> Bool {
            try await parlour.say("settings").contains("no translation after the original")
        }
        #expect(try await !once())
        #expect(try await parlour.say("no translations!").contains("does not come as well"))
        #expect(try await once())
        _ = try await parlour.answer(to: "language en")
        #expect(try await once(), "another language keeps it")
        var values = try await parlour.formValues()
        #expect(values["translations"] == ["no"])
        values["translations"] = ["yes"]
        try await parlour.submit("settings", values)
        #expect(try await !once())
        let query = Element("query", in: .registration)
        let offer = try #require(try await parlour.register(.get, query).payload)
        var form = DataForm(try #require(offer.child("x", in: .dataForms)))
        #expect(form["translations"]?.values == ["1"])
        form.type = .submit
        form.fields = form.fields.map { field in
            var field = field
            if field.name == "translations" { field.values = ["0"] }
            return field
        }
        let filled = Element("query", in: .registration) { form.element }
        #expect(try await parlour.register(.set, filled).type == .result)
        #expect(try await once())
        #expect(try await parlour.say("mydata").contains("\"takesTranslations\" : false"))
        try await parlour.submit("settings", ["amount": ["full"]])
        #expect(try await once())
        _ = try await parlour.answer(to: "subscribe en")
        #expect(try await once(), "whoever says it again keeps it")
    }

    @Test("another amount, or another language, keeps a pause and an end")
    func changed() async throws {
        let parlour = try await Parlour()
        _ = try await parlour.answer(to: "subscribe de")
        let end = Date(timeIntervalSince1970: 4_000_000_000)
        try await parlour.change { transaction, record in
            var choice = record.choice
            choice.expiresAt = end
            try transaction.setOptions(choice, of: record.id)
            try transaction.pause(record.id, until: end)
        }
        var values = try await parlour.formValues()
        values["amount"] = ["link"]
        try await parlour.submit("settings", values)
        #expect(try await parlour.states() == ["dispatch-de chat link paused ends"])
        values["language"] = ["en"]
        try await parlour.submit("settings", values)
        #expect(try await parlour.states() == ["dispatch-en chat link paused ends"])
        values["amount"] = ["full"]
        values["language"] = ["de"]
        try await parlour.submit("settings", values)
        #expect(try await parlour.states() == ["dispatch-de chat full paused ends"])
    }

    @Test("sent back unchanged, it leaves alone what comes by PubSub", arguments: ["en", "de"])
    func pubsub(language: String) async throws {
        let parlour = try await Parlour()
        try await parlour.subscribeByPubSub(juliet, to: "dispatch-\(language)")
        var values = try await parlour.formValues()
        #expect(values["reading"] == ["no"])
        try await parlour.submit("settings", values)
        values["amount"] = ["full"]
        try await parlour.submit("settings", values)
        #expect(try await parlour.states() == ["dispatch-\(language) event short"])
        values["reading"] = ["yes"]
        values["language"] = [language]
        try await parlour.submit("settings", values)
        #expect(try await parlour.states() == ["dispatch-\(language) chat full"])
    }

    @Test("whoever reads two languages goes on to, until another language is chosen")
    func twoLanguages() async throws {
        let parlour = try await Parlour()
        for line in ["subscribe de", "link", "subscribe en"] {
            _ = try await parlour.answer(to: line)
        }
        let before = ["dispatch-de chat link", "dispatch-en chat short"]
        #expect(try await parlour.states() == before)
        var values = try await parlour.formValues()
        try await parlour.submit("settings", values)
        #expect(try await parlour.states() == before)
        values["amount"] = ["full"]
        try await parlour.submit("settings", values)
        #expect(try await parlour.states() == ["dispatch-de chat full", "dispatch-en chat full"])
        values["language"] = ["de"]
        try await parlour.submit("settings", values)
        #expect(try await parlour.states() == ["dispatch-de chat full"])
    }

    @Test("where no newsletter is chosen yet nothing is either, nor by clients that take the first")
    func severalNewsletters() async throws {
        let parlour = try await Parlour(others: ["gazette"])
        for line in ["subscribe de", "link"] { _ = try await parlour.answer(to: line) }
        let before = try await parlour.states()
        #expect(try await parlour.formValues(at: nil).isEmpty)
        let command = try #require(parlour.registry.command(named: "settings"))
        let options: CommandForm.Options = [
            CommandForm.newsletter: [.init("dispatch"), .init("gazette")],
            "language": [.init("en"), .init("de")],
        ]
        let form = CommandForm(command, options: options, language: "en")
        var submitted = form.form()
        submitted.fields = submitted.fields.map { field in
            var field = field
            field.values = field.options.first.map { [$0.value] } ?? field.values
            return field
        }
        let arguments = form.arguments(in: submitted)
        #expect(arguments == [:])
        try await parlour.submit("settings", [:])
        #expect(try await parlour.states() == before)
    }
}

extension Parlour {
    /// What stands in Juliet's form, by the fields' names.
    fileprivate func formValues(at newsletter: String? = "dispatch") async throws -> [String:
        [String]]
    {
        let command = try #require(registry.command(named: "settings"))
        let current = try #require(command.current)
        let values = await current(
            CommandInvocation(
                command: "settings",
                invoker: Invoker(
                    role: .reader,
                    jid: try JID("juliet@verona.example"),
                    displayName: "juliet"
                ),
                face: .adHoc,
                newsletter: newsletter
            )
        )
        return Dictionary(
            uniqueKeysWithValues: command.parameters.map { ($0.name, values.all($0.name)) }
        )
        .filter { !$0.value.isEmpty }
    }

    /// Juliet's subscriptions with all that is particular about them.
    fileprivate func states() async throws -> [String] {
        let (service, juliet) = (service, try JID("juliet@verona.example"))
        return try await store.read { transaction in
            try service.subscriptions(of: juliet, in: transaction).map { subscription in
                let (record, choice) = (subscription.record, subscription.record.choice)
                let isPaused = try transaction.pauseEnd(of: record.id) != nil
                let isSuspended = try transaction.suspension(of: record.id) != nil
                let facts: [String?] = [
                    subscription.node.rawValue, choice.form.rawValue, choice.amount.rawValue,
                    isPaused && !choice.isDelivered ? "paused" : nil,
                    choice.expiresAt != nil ? "ends" : nil,
                    isSuspended ? "suspended" : nil,
                ]
                return facts.compactMap(\.self).joined(separator: " ")
            }
            .sorted()
        }
    }

    fileprivate func change(
        _ change: @escaping @Sendable (borrowing Transaction, SubscriptionRecord) throws -> Void
    ) async throws {
        let (service, juliet) = (service, try JID("juliet@verona.example"))
        try await store.write { transaction in
            for subscription in try service.subscriptions(of: juliet, in: transaction) {
                try change(transaction, subscription.record)
            }
        }
    }
}
