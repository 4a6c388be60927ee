import Commands
import Foundation
import Storage
import XMPP

/// `dnd wait`: no messages while the reader's client tells us that they are not to be disturbed.
struct BusyCommand: Sendable {
    let desk: ReaderDesk

    var declaration: Command {
        Command(
            "dnd",
            summary: .text("dnd.summary"),
            parameters: [
                Parameter(
                    "wanted",
                    .choice(["wait", "ignore"]),
                    isRequired: false,
                    summary: .text("dnd.wanted")
                )
            ],
            role: .reader,
            audience: .readers,
            changesSomething: true,
            examples: ["dnd wait", "dnd ignore"]
        ) { invocation, _ in
            await desk.answer(in: invocation.texts) { try await run(invocation) }
        }
    }

    private func run(_ invocation: CommandInvocation) async throws -> String {
        let reader = try desk.reader(of: invocation)
        let wanted = invocation.arguments["wanted"].map { $0 == "wait" }
        if let wanted { try await set(wanted, reader) }
        let waits = try await desk.store.read { try $0.waitsWhileBusy(reader) }
        let hours = max(1, Int(desk.busyLimit / .seconds(3_600)))
        return waits
            ? invocation.texts("dnd.wait", ["hours": hours]) : invocation.texts("dnd.ignore")
    }

    private func set(_ waits: Bool, _ reader: JID) async throws {
        if waits { try await desk.checkReadsInChat(reader) }
        let limit = desk.busyLimit
        try await desk.store.write { transaction in
            try transaction.setWaitsWhileBusy(waits, reader, at: Date())
            _ = try transaction.noteBusy(reader, within: limit / .seconds(1), at: Date())
        }
        if !waits { await desk.send([.readersDue]) }
    }
}
