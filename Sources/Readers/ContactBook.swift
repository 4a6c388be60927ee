public import Availability
import Foundation
import PubSub
import Publishing
import Storage
import XML
public import XMPP

/// The readers who have one of our addresses among their contacts.
///
/// Their presence is never asked for: each request for it would be a question in their client.
public struct ContactBook: Sendable {
    /// The presence of each of our addresses.
    public let presences: [JID: ContactPresence]
    private let desk: ReaderDesk

    public init(_ office: ReaderOffice, presences: [JID: ContactPresence]) {
        desk = office.desk
        self.presences = presences
    }

    /// What is to be sent to somebody who adds the address, removes it, or asks whether it is there.
    public func receive(_ presence: Presence, at address: JID) async -> [Stanza] {
        guard let own = presences[address], let person = presence.from,
            !desk.service.isInRoom(person)
        else { return [] }
        do {
            switch presence.type {
            case .subscribe:
                let question = try await added(address, by: person.bare)
                return own.granted(to: person).map(Stanza.presence) + (question.map { [$0] } ?? [])
            case .unsubscribe:
                try await removed(address, by: person.bare)
                return own.ended(for: person).map(Stanza.presence)
            case .probe:
                return [.presence(own.available(to: person))]
            case .available, .unavailable, .subscribed, .unsubscribed, .error:
                return []
            }
        } catch {
            desk.report(error)
            return []
        }
    }

    /// Who asked once is not asked again, nor is who gets the newsletter already.
    private func added(_ address: JID, by reader: JID) async throws -> Stanza? {
        let (newsletter, list) = (newsletter(at: address), desk.list)
        let feeds = newsletter.map(\.allFeeds) ?? desk.newsletters.flatMap(\.allFeeds)
        let isAsked = try await desk.store.write { transaction in
            let isNew = try transaction.addContact(address, of: reader, at: Date())
            let isReader = try !list.subscriptions(of: reader, to: feeds, in: transaction).isEmpty
            return isNew && !isReader
        }
        guard isAsked else { return nil }
        let text = newsletter.map(Self.question) ?? Self.question(desk.newsletters)
        return .message(
            Message(.chat, from: address, to: reader, body: text) {
                Element("store", in: .hints)
            }
        )
    }

    /// Whoever removes the contact leaves, by whichever way they had come.
    private func removed(_ address: JID, by reader: JID) async throws {
        let feeds = newsletter(at: address)?.allFeeds ?? []
        let list = desk.list
        let effects = try await desk.store.write { transaction in
            try transaction.removeContact(address, of: reader)
            return try list.leave(feeds, as: reader, in: transaction).effects
        }
        await desk.send(effects)
    }

    /// The newsletter an address stands for; the domain for its only one.
    private func newsletter(at address: JID) -> Newsletter? {
        if let own = desk.newsletters.first(where: { $0.contact == address }) { return own }
        return desk.newsletters.count == 1 ? desk.newsletters.first : nil
    }

    private static func question(_ newsletter: Newsletter) -> String {
        let languages = newsletter.languages.joined(separator: ", ")
        let choice =
            newsletter.feeds.count > 1
            ? " It appears in: \(languages); with “subscribe LANGUAGE” you choose one." : ""
        return """
            Hello! This is \(newsletter.title). Do you want each new issue as a message? \
            Then write “subscribe”.\(choice)
            “latest” shows the newest issue, “help” all I can do. \
            If you write nothing, you get nothing.
            """
    }

    private static func question(_ newsletters: [Newsletter]) -> String {
        (["Hello! There are several newsletters here. Add the one you want as a contact:"]
            + newsletters.map { "- \($0.title): xmpp:\($0.contact)" }).joined(separator: "\n")
    }
}
