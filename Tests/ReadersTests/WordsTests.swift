import Commands
import Readers
import Testing
import XML
import XMPP

/// What readers may write in their own words.
@Suite struct WordsTests {
    @Test("no word means two things, nor what an English command means")
    func unambiguous() async throws {
        let parlour = try await Parlour(topics: ["events"])
        let meanings = Dictionary(grouping: Vocabulary([ReaderCommands.words]).all, by: \.phrase)
        #expect(meanings.count > 150)
        for (phrase, all) in meanings {
            let lines = Set(all.map(\.line))
            #expect(lines.count == 1, "\(phrase): \(lines)")
            let name = String(all[0].line.prefix { $0 != " " })
            #expect(parlour.registry.command(named: name) != nil, "\(phrase) leads nowhere")
            if let command = parlour.registry.command(named: phrase) {
                #expect(command.name == name, "\(phrase) is a command of its own")
            }
        }
    }

    @Test(
        "a reader is understood and answered in their language, whatever the client says",
        arguments: [
            ("Abonnieren!", "abonniert"), ("„abonnieren de“", "abonniert"),
            ("s’abonner", "abonn"), ("suscribirme", "suscri"), ("iscrivimi", "iscri"),
            ("sign up", "You are subscribed"),
        ]
    )
    func subscribe(line: String, answer: String) async throws {
        let parlour = try await Parlour()
        let text = try await parlour.say(line)
        #expect(text.lowercased().contains(answer.lowercased()), "\(text)")
        #expect(try await parlour.subscriptions().count == 1)
    }

    @Test(
        "each language has words for all that a reader can do",
        arguments: [
            ("de", "kurz", "pause bis 2030-01-31", "meine Daten", "vergiss mich", "abbestellen"),
            (
                "fr", "en bref", "pause jusqu’au 2030-01-31", "mes données", "oubliez-moi",
                "désabonner"
            ),
            ("es", "breve", "pausa hasta 2030-01-31", "mis datos", "olvídeme", "darme de baja"),
            ("it", "breve", "pausa fino al 2030-01-31", "i miei dati", "dimenticami", "basta"),
        ]
    )
    func everything(
        language: String,
        short: String,
        pause: String,
        data: String,
        forget: String,
        leave: String
    ) async throws {
        let parlour = try await Parlour()
        _ = try await parlour.answer(to: "subscribe", in: language)
        _ = try await parlour.answer(to: "full", in: language)
        _ = try await parlour.say(short, in: language)
        #expect(
            try await parlour.subscriptions() == ["dispatch-en juliet@verona.example chat short"]
        )
        #expect(try await parlour.say(pause, in: language).contains("2030-01-31"))
        #expect(try await parlour.say(data, in: language).contains("\"pausedUntil\""))
        guard case .question = try await parlour.answer(to: forget, in: language) else {
            Issue.record("\(forget) does not ask")
            return
        }
        _ = try await parlour.say(leave, in: language)
        #expect(try await parlour.subscriptions().isEmpty)
    }

    @Test(
        "who gets it in a language reads and is spoken to in that, unless the client says another"
    )
    func ownLanguage() async throws {
        let parlour = try await Parlour()
        try await parlour.publish("2024-02", in: "en")
        try await parlour.publish("2024-02", in: "de")
        let (juliet, dispatch) = (try JID("juliet@verona.example"), parlour.dispatch.contact)
        #expect(await parlour.office.language(of: juliet, at: dispatch) == "en")
        #expect(try await parlour.say("latest") == "2024-02 in en")
        _ = try await parlour.answer(to: "subscribe de")
        #expect(await parlour.office.language(of: juliet, at: dispatch) == "de")
        #expect(try await parlour.say("latest") == "2024-02 in de")
        #expect(try await parlour.say("issue 2024") == "2024-02 in de")
        #expect(try await parlour.say("latest en") == "2024-02 in en")
    }

    @Test("the status line tells the next issue's day, in the newsletter's language")
    func statusLine() {
        let line = StatusLine.text(nextIssue: "2026-12-05", in: "de")
        #expect(line == "Nächste Ausgabe: 2026-12-05. Mit „help“ sage ich, was ich kann.")
        #expect(StatusLine.text(nextIssue: nil, in: "en") == "Write “help” to see what I can do.")
    }
}

@Suite struct WelcomeTests {
    @Test("whoever wants it gets the newest issue at once, and only when it is their first time")
    func welcome() async throws {
        let parlour = try await Parlour()
        try await parlour.publish("2024-02", in: "de")
        #expect(try await !parlour.say("subscribe").contains("2024-02"))
        let first = try await parlour.say("subscribe de latest")
        #expect(first.hasSuffix("Here is the newest issue:\n\n2024-02 in de"))
        #expect(try await !parlour.say("subscribe de latest").contains("2024-02"), "once")
        let nothing = try await parlour.answer(
            to: "subscribe latest",
            from: "romeo@verona.example"
        )
        #expect(!nothing.text.contains("newest issue:"), "there is none yet")
        #expect(nothing.text.contains("You are subscribed"))
    }

    @Test("who registers may have it too")
    func registration() async throws {
        let parlour = try await Parlour()
        try await parlour.publish("2024-02", in: "en")
        func register() async throws {
            let form = DataForm(
                .submit,
                formType: "jabber:iq:register",
                fields: [.init("welcome", values: ["1"])]
            )
            let query = Element("query", in: .registration) { form.element }
            #expect(try await parlour.register(.set, query).type == .result)
        }
        try await register()
        #expect(parlour.post.all.map(\.body) == ["2024-02 in en"])
        try await register()
        #expect(parlour.post.all.count == 1)
    }
}

@Suite struct ChoosingTopicsTests {
    @Test("`topics` lists them; with some named, those come and nothing else")
    func choose() async throws {
        let parlour = try await Parlour(topics: ["events", "software"])
        let list = try await parlour.say("topics")
        #expect(list.contains("- events: All events\n- software: All software"))
        _ = try await parlour.answer(to: "subscribe de")
        _ = try await parlour.answer(to: "full")
        #expect(try await parlour.say("topics events software").contains("de All events"))
        #expect(
            try await parlour.subscriptions() == [
                "dispatch-de-events juliet@verona.example chat full",
                "dispatch-de-software juliet@verona.example chat full",
            ]
        )
        _ = try await parlour.say("topics software")
        #expect(try await parlour.subscriptions().count == 1)
        _ = try await parlour.say("Themen all")
        #expect(
            try await parlour.subscriptions() == ["dispatch-de juliet@verona.example chat full"]
        )
        #expect(try await parlour.say("topics duels").contains("no topic “duels”"))
    }

    @Test("a newsletter without topics says so")
    func none() async throws {
        let parlour = try await Parlour()
        #expect(try await parlour.say("topics events").contains("whole issues only"))
    }
}

/// All settings in one form, and in one line.
@Suite struct SettingsFormTests {
    /// What the form shows to Juliet at first, by the names of its fields.
    private func shown(_ parlour: Parlour) async throws -> [String?] {
        let command = try #require(parlour.registry.command(named: "settings"))
        let current = try #require(command.current)
        let values = await current(
            CommandInvocation(
                command: "settings",
                arguments: [:],
                invoker: Invoker(
                    role: .reader,
                    jid: try JID("juliet@verona.example"),
                    displayName: "Juliet"
                ),
                face: .adHoc,
                newsletter: "dispatch"
            )
        )
        return ["reading", "amount", "language"].map { values[$0] }
    }

    @Test("the form shows what is set, sets what is filled in, and changes nothing as it came")
    func form() async throws {
        let parlour = try await Parlour()
        #expect(try await shown(parlour) == ["no", "short", "en"])
        try await parlour.submit(
            "settings",
            ["reading": ["yes"], "amount": ["full"], "language": ["de"]]
        )
        #expect(
            try await parlour.subscriptions() == ["dispatch-de juliet@verona.example chat full"]
        )
        #expect(try await shown(parlour) == ["yes", "full", "de"])
        try await parlour.submit(
            "settings",
            ["reading": ["yes"], "amount": ["full"], "language": ["de"]]
        )
        #expect(
            try await parlour.subscriptions() == ["dispatch-de juliet@verona.example chat full"]
        )
        try await parlour.submit("settings", ["reading": ["no"], "amount": ["full"]])
        #expect(try await parlour.subscriptions().isEmpty)
    }

    @Test("in a chat it is a line; who does not read yet is told how to begin")
    func line() async throws {
        let parlour = try await Parlour(topics: ["events"])
        #expect(try await parlour.say("settings full").contains("You don't get"))
        #expect(try await parlour.say("settings yes full de").contains("whole text"))
        _ = try await parlour.say("topics events")
        _ = try await parlour.say("settings link en")
        #expect(
            try await parlour.subscriptions() == [
                "dispatch-en-events juliet@verona.example chat link"
            ]
        )
        #expect(try await parlour.say("settings xx").contains("does not appear in"))
        #expect(try await parlour.say("settings").contains("title and link"))
    }
}

@Suite struct QuietTests {
    @Test("quiet hours are set in whatever words, shown, kept for another time zone, and taken off")
    func quiet() async throws {
        let parlour = try await Parlour()
        #expect(try await parlour.say("quiet").contains("No hours are quiet"))
        #expect(try await parlour.say("quiet 22:00 07:00").contains("time zone"))
        #expect(try await parlour.say("quiet 25:00 07:00 UTC").contains("no hours I understand"))
        #expect(try await parlour.say("quiet 22 7 Verona").contains("no hours I understand"))
        #expect(
            try await parlour.say("quiet 22 7 UTC").contains("no messages of mine"),
            "a stranger"
        )
        #expect(try await parlour.say("quiet").contains("No hours are quiet"))
        _ = try await parlour.say("subscribe")
        let set = try await parlour.say("quiet from 22:00 to 7:30 in Europe/Berlin")
        #expect(set.contains("From 22:00 to 07:30 (Europe/Berlin)"))
        #expect(
            try await parlour.say("quiet 23:00-06:00").contains("23:00 to 06:00 (Europe/Berlin)")
        )
        #expect(try await parlour.say("mydata").contains("23:00-06:00 Europe/Berlin"))
        #expect(try await parlour.say("settings").contains("23:00 to 06:00"))
        #expect(try await parlour.say("Ruhezeit off").contains("Keine Stunden"))
        #expect(try await !parlour.say("mydata").contains("quietHours"))
        _ = try await parlour.say("quiet 1 2 UTC")
        _ = try await parlour.answer(to: "forget me", consent: .toEverything)
        #expect(try await parlour.say("quiet").contains("No hours are quiet"))
    }
}
