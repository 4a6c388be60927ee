public import Availability
import Foundation
import Localization
import PubSub
import Publishing
import Storage
import XML
public import XMPP

/// The readers who have one of our addresses among their contacts.
///
/// Their presence is never asked for: each request for it would be a question in their client.
public struct ContactBook: Sendable {
    public let presences: ContactPresences
    private let desk: ReaderDesk

    public init(_ office: ReaderOffice, presences: ContactPresences) {
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
                let texts = ReaderTexts.texts(in: presence.xmlLang)
                let question = try await added(address, by: person.bare, texts)
                return own.granted(to: person).map(Stanza.presence) + (question.map { [$0] } ?? [])
            case .unsubscribe:
                try await removed(address, by: person.bare)
                return own.ended(for: person).map(Stanza.presence)
            case .probe:
                return [.presence(own.available(to: person))]
            case .available, .unavailable:
                try await note(presence, of: person.bare)
                return []
            case .subscribed, .unsubscribed, .error:
                return []
            }
        } catch {
            desk.report(error)
            return []
        }
    }

    /// Takes note of what somebody's client tells us of itself, if they read something here.
    ///
    /// That they are no more busy may never reach us, so it is not believed for ever.
    private func note(_ presence: Presence, of reader: JID) async throws {
        let (service, limit) = (desk.service, desk.busyLimit)
        guard try await desk.store.read({ try service.concerns(presence, in: $0) }) else { return }
        let effects = try await desk.store.write { transaction in
            let effects = try service.receive(presence, in: transaction)
            let isDue = try transaction.noteBusy(reader, within: limit / .seconds(1), at: Date())
            return effects + (isDue ? [.readersDue] : [])
        }
        // Nothing of it concerns an engine, and there are many of these.
        guard !effects.isEmpty else { return }
        await desk.send(effects)
    }

    /// Who asked once is not asked again, nor is who gets the newsletter already.
    private func added(
        _ address: JID,
        by reader: JID,
        _ texts: Texts
    ) async throws -> Stanza? {
        let (newsletter, list) = (newsletter(at: address), desk.list)
        let feeds = newsletter.map(\.allFeeds) ?? desk.newsletters.flatMap(\.allFeeds)
        let isAsked = try await desk.store.write { transaction in
            let isNew = try transaction.addContact(address, of: reader, at: Date())
            let isReader = try !list.subscriptions(of: reader, to: feeds, in: transaction).isEmpty
            return isNew && !isReader
        }
        guard isAsked else { return nil }
        let text =
            newsletter.map { Self.question($0, texts) } ?? Self.question(desk.newsletters, texts)
        return .message(
            Message(.chat, id: Message.freshID(), from: address, to: reader, body: text) {
                Element("store", in: .hints)
            }
        )
    }

    /// Whoever removes the contact leaves, by whichever way they had come.
    private func removed(_ address: JID, by reader: JID) async throws {
        let feeds = newsletter(at: address)?.allFeeds ?? []
        let (list, service) = (desk.list, desk.service)
        let effects = try await desk.store.write { transaction in
            try transaction.removeContact(address, of: reader)
            return try list.leave(feeds, as: reader, isToldOf: false, in: transaction).effects
                + service.endContactSubscriptions(of: reader, in: transaction)
        }
        await desk.send(effects)
    }

    /// The newsletter an address stands for; the domain for its only one.
    private func newsletter(at address: JID) -> Newsletter? {
        if let own = desk.newsletters.first(where: { $0.contact == address }) { return own }
        return desk.newsletters.count == 1 ? desk.newsletters.first : nil
    }

    private static func question(_ newsletter: Newsletter, _ texts: Texts) -> String {
        let languages = newsletter.languages.joined(separator: ", ")
        let choice =
            newsletter.feeds.count > 1
            ? [texts("contact.languages", ["languages": languages])] : []
        let question = [texts("contact.question", ["newsletter": newsletter.title])] + choice
        let words = ["subscribe"] + newsletter.otherFeeds.map { "subscribe \($0.language)" }
        // A list of all languages would hide the question.
        let links = words.prefix(mostLinks).map(newsletter.link(writing:))
        return ([question.joined(separator: " ")] + links + [texts("contact.help")])
            .joined(separator: "\n")
    }

    private static let mostLinks = 4

    private static func question(_ newsletters: [Newsletter], _ texts: Texts) -> String {
        ([texts("contact.several")] + newsletters.map { "- \($0.title): xmpp:\($0.contact)" })
            .joined(separator: "\n")
    }
}
