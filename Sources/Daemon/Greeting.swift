import Availability
import Component
import Logging
import Newsroom
import Publishing
import Readers
import ServiceLifecycle
import Storage
import XMPP

/// Shows all who have us as a contact that we are there, and what our status line says.
///
/// Their servers ask for our presence only when they come online themselves.
struct Greeting: Sendable {
    /// How many contacts are read at once.
    private static let pageSize = 500

    let contactBook: ContactBook
    let newsletters: [Newsletter]
    /// The domain, which speaks for its only newsletter.
    let domain: JID
    let nextIssue: NextIssue
    let store: Store
    /// The pause between two looks at what the status lines should say.
    let interval: Duration
    let logger: Logger

    /// Greets everybody, and again who sees a line that is another by then.
    func run(on stream: any StanzaStream) async {
        do {
            _ = try await newLines()
            try await send(to: { _ in true }, on: stream) { $0.available(to: $1) }
            while !Task.isCancelled {
                try await Task.sleep(for: interval)
                let changed = try await newLines()
                guard !changed.isEmpty else { continue }
                try await send(to: changed.contains, on: stream) { $0.available(to: $1) }
            }
        } catch is StreamClosed, is CancellationError {
            return
        } catch {
            logger.error("Contacts were not greeted", metadata: ["reason": "\(error)"])
        }
    }

    /// Says to everybody that we go.
    func farewell(on stream: any StanzaStream) async {
        do {
            try await send(to: { _ in true }, on: stream) { $0.unavailable(to: $1) }
        } catch {
            logger.debug("Contacts were not told of the end", metadata: ["reason": "\(error)"])
        }
    }

    /// Brings the lines up to date; tells whose have changed.
    private func newLines() async throws -> Set<JID> {
        let days = try await nextIssue.days()
        var lines: [JID: String] = [:]
        for newsletter in newsletters {
            let language = newsletter.defaultFeed.language
            let line = StatusLine.text(nextIssue: days[newsletter.name], in: language)
            lines[newsletter.contact] = line
            if newsletters.count == 1 { lines[domain] = line }
        }
        return contactBook.presences.setStatus(lines)
    }

    private func send(
        to isMeant: (JID) -> Bool,
        on stream: any StanzaStream,
        _ presence: (ContactPresence, JID) -> Presence
    ) async throws {
        var last: ContactRecord?
        while !Task.isCancelled {
            let (after, size) = (last, Self.pageSize)
            let page = try await store.read { try $0.contacts(after: after, atMost: size) }
            for contact in page where isMeant(contact.address) {
                guard let own = contactBook.presences[contact.address] else { continue }
                try await stream.send(.presence(presence(own, contact.jid)))
            }
            guard page.count == size else { return }
            last = page.last
        }
    }
}

/// Tells everybody that we go, before the stream is closed.
struct FarewellService: Service {
    let greeting: Greeting
    let link: StreamLink

    func run() async throws {
        try? await gracefulShutdown()
        guard let stream = await link.stream else { return }
        await greeting.farewell(on: stream)
    }
}
