import Commands
import Foundation
import PubSub
import Storage
import Testing
import XMPP

@testable import Readers

/// `latest`, `help`, and the domain's own address.
@Suite struct AskingTests {
    @Test("`latest` is the newest issue, though an older one was translated after it")
    func latest() async throws {
        let parlour = try await Parlour()
        try await parlour.publish("2026-05-05-dispatch", in: "en")
        try await parlour.publish("2026-04-05-dispatch", in: "en")
        try await parlour.publish("2026-04-05-dispatch", in: "de")
        #expect(try await parlour.answer(to: "latest") == .done("2026-05-05-dispatch in en"))
        #expect(try await parlour.answer(to: "Latest DE") == .done("2026-04-05-dispatch in de"))
        #expect(try await parlour.subscriptions().isEmpty, "asking subscribes nobody")
    }

    @Test("where nothing has appeared, nothing is shown, and the reader is told")
    func nothing() async throws {
        let parlour = try await Parlour()
        try await parlour.publish("2026-05-05-dispatch", in: "en")
        #expect(
            try await parlour.answer(to: "latest de")
                == .refused("No issue of The Verona Dispatch has appeared in 'de' yet.")
        )
        #expect(try await parlour.answer(to: "latest fr").text.contains("but in: en, de, pt-br"))
    }

    @Test("an issue that was withdrawn is not shown any more")
    func retracted() async throws {
        let parlour = try await Parlour()
        try await parlour.publish("2026-04-05-dispatch", in: "en")
        try await parlour.publish("2026-05-05-dispatch", in: "en")
        try await parlour.store.write { transaction in
            try transaction.setPublicationState(
                .retracted,
                newsletter: "dispatch",
                issue: "2026-05-05-dispatch",
                language: "en",
                at: Date(timeIntervalSince1970: 0)
            )
        }
        #expect(try await parlour.answer(to: "latest") == .done("2026-04-05-dispatch in en"))
    }

    @Test("`help` lists what a reader can write, without marks in front")
    func help() async throws {
        let text = try await Parlour().answer(to: "Help?").text
        #expect(
            text.contains(
                "\nsubscribe [LANGUAGE] [latest] [TOPIC…] – Get each new issue as a message"
            )
        )
        #expect(text.contains("\nunsubscribe [LANGUAGE] [TOPIC…] – Get no more issues"))
        #expect(text.contains("\nlatest [LANGUAGE] – Read the newest issue now"))
        #expect(!text.contains("!"))
    }

    @Test("what is nearly a command is answered with the command")
    func misspelt() async throws {
        let parlour = try await Parlour()
        #expect(
            try await parlour.answer(to: "subscibe").text.hasPrefix(
                "I don't know “subscibe”. Did you mean “subscribe”?\nxmpp:"
            )
        )
        #expect(try await parlour.answer(to: "Good morrow").text.contains("“help” says"))
        #expect(try await parlour.subscriptions().isEmpty)
    }

    @Test("the domain stands for its only newsletter")
    func domain() async throws {
        let parlour = try await Parlour()
        #expect(
            try await parlour.answer(to: "subscribe", at: nil).text
                .hasPrefix("You are subscribed to The Verona Dispatch (en).")
        )
    }

    @Test(
        "where the domain has several newsletters, it asks which",
        arguments: ["subscribe", "unsubscribe", "latest", "subscribe de"]
    )
    func which(line: String) async throws {
        let parlour = try await Parlour(others: ["gazette"])
        #expect(
            try await parlour.answer(to: line, at: nil)
                == .refused(
                    """
                    There are several newsletters here. Please write to the one you mean:
                    - The Verona Dispatch: xmpp:dispatch@news.verona.example
                    - The gazette: xmpp:gazette@news.verona.example
                    """
                )
        )
        #expect(try await parlour.subscriptions().isEmpty)
    }

    @Test("a reader hears nothing of paths and disks, and the program hears all of it")
    func insideMatters() async throws {
        let parlour = try await Parlour()
        let reports = parlour.reports
        let desk = ReaderDesk(
            newsletters: parlour.newsletters,
            service: parlour.service,
            store: parlour.store,
            send: { _ in },
            report: { reports.add($0) }
        )
        let trouble = StoreError.diskFull(path: "/var/lib/broadsheet/broadsheet.db")
        let outcome = await desk.answer(in: ReaderTexts.texts(in: "en")) { throw trouble }
        #expect(outcome == .failed("Something is wrong on my side. Please try again later."))
        #expect(reports.all == [trouble.description])
        _ = try await parlour.answer(to: "subscribe it")
        #expect(reports.all.count == 1, "a reader's slip is no error of ours")
    }
}
