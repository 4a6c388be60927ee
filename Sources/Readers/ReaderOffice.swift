import Foundation
public import PubSub
public import Publishing
public import Storage
public import XMPP

/// Where readers are served, by whichever way they come: what all of these ways share.
public struct ReaderOffice: Sendable {
    let desk: ReaderDesk

    /// - Parameters:
    ///   - newsletters: Those that can be subscribed to.
    ///   - service: Where the subscriptions are kept.
    ///   - store: The database of the service.
    ///   - busyLimit: How long somebody is taken to be busy who has said so.
    ///   - engineWait: How long an answer waits for another service that it depends on.
    ///   - waitingLeavings: How many subscriptions may wait to be ended at such a service before strangers are
    ///     told to end theirs themselves.
    ///   - send: Sends what others are to be told, once it is stored; told of nothing, it is told that
    ///     something was stored which others may have to do something about.
    ///   - report: Is told what went wrong when a reader hears only that something did.
    public init(
        newsletters: [Newsletter],
        service: PubSubService,
        store: Store,
        busyLimit: Duration = .seconds(86_400),
        engineWait: Duration = .seconds(2),
        waitingLeavings: Int = EngineSettings().waitingLeavings,
        send: @escaping @Sendable ([PubSubEffect]) async -> Void = { _ in },
        report: @escaping @Sendable (any Error) -> Void = { _ in }
    ) {
        desk = ReaderDesk(
            newsletters: newsletters,
            service: service,
            store: store,
            send: send,
            report: report,
            busyLimit: busyLimit,
            enginePatience: EnginePatience(engineWait),
            waitingLeavings: waitingLeavings
        )
    }

    /// Notes that somebody and we have just talked: no issue is our last message to them any more.
    public func noteConversation(with person: JID) async {
        do {
            try await desk.store.write { try $0.noteConversation(with: person, at: Date()) }
        } catch {
            desk.report(error)
        }
    }

    /// Notes that somebody was there, by a form or by their presence.
    public func noteSign(of person: JID) async {
        do {
            try await desk.store.write { try $0.noteSign(of: person, at: Date()) }
        } catch {
            desk.report(error)
        }
    }

    /// The language to speak to somebody in whose client says none: that in which they get the
    /// newsletter they write to, or that newsletter's own.
    public func language(of reader: JID, at address: JID) async -> String {
        let candidates = desk.newsletters.filter { $0.contact == address }
        let newsletters = candidates.isEmpty ? desk.newsletters : candidates
        guard newsletters.count == 1 else { return "en" }
        let feed = try? await desk.ownFeed(of: newsletters[0], for: reader)
        return (feed ?? newsletters[0].defaultFeed).language
    }
}
