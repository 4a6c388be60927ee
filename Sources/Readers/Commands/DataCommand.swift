import Commands
import Foundation
import Localization
import PubSub
import Storage
import XMPP

/// `mydata`: all that is stored about the reader, as JSON.
struct DataCommand: Sendable {
    let desk: ReaderDesk

    var declaration: Command {
        Command(
            "mydata",
            aliases: ["data"],
            summary: .text("mydata.summary"),
            role: .reader,
            audience: .readers,
            changesSomething: false,
            examples: ["mydata"]
        ) { invocation, _ in
            await desk.answer(in: invocation.texts) { try await run(invocation) }
        }
    }

    private func run(_ invocation: CommandInvocation) async throws -> String {
        let reader = try desk.reader(of: invocation)
        let service = desk.service
        let data = try await desk.store.read { transaction in
            try StoredData(of: reader, service: service, in: transaction)
        }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(data), as: UTF8.self)
    }
}

/// All that is stored about one person, at all newsletters of the service.
struct StoredData: Codable, Hashable {
    struct Subscription: Codable, Hashable {
        var node, address, state, form, amount, since: String
        var isDelivered, isPublic: Bool
        var takesTranslations: Bool
        var showValues: [String]
        var endsWithPresence: Bool
        var pausedUntil, endsAt, suspendedSince, lastConversation, lastSign, askedAt: String?
    }

    /// What another service was asked to change for the reader, and has not.
    struct Request: Codable, Hashable {
        var node, service, address, wanted, state, since: String
    }

    /// What the reader's client has told us of itself.
    struct Client: Codable, Hashable {
        var address: String
        /// Nil if it has gone.
        var shows: String?
        var heardAt, believedUntil: String
    }

    struct Contact: Codable, Hashable {
        var address, since: String
    }

    struct Affiliation: Codable, Hashable {
        var node, affiliation: String
    }

    var address: String
    var subscriptions: [Subscription]
    var contacts: [Contact]
    var affiliations: [Affiliation]
    /// `22:00-07:00 Europe/Berlin`.
    var quietHours: String?
    /// Whether messages wait while the reader is busy, and until when that is taken to be so.
    var waitsWhileBusy: Bool
    var busyUntil: String?
    var clients: [Client]
    var requests: [Request]
    /// Whether the password is kept with which an invitation has brought us in, if it is a room.
    var keepsRoomPassword: Bool?
    /// Messages that could not be delivered, which are kept as long as their delivery.
    var failedDeliveries: Int

    init(of reader: JID, service: PubSubService, in transaction: borrowing Transaction) throws {
        address = reader.bare.description
        subscriptions = []
        for subscription in try service.subscriptions(of: reader, in: transaction) {
            let (record, choice) = (subscription.record, subscription.record.choice)
            let signs = try transaction.signs(of: record.id)
            subscriptions.append(
                Subscription(
                    node: subscription.node.rawValue,
                    address: record.jid.description,
                    state: record.state.rawValue,
                    form: choice.form.rawValue,
                    amount: choice.amount.rawValue,
                    since: Self.text(record.createdAt),
                    isDelivered: choice.isDelivered,
                    isPublic: record.isPublic,
                    takesTranslations: choice.takesTranslations,
                    showValues: choice.showValues.map(\.rawValue).sorted(),
                    endsWithPresence: choice.endsWithPresence,
                    pausedUntil: try transaction.pauseEnd(of: record.id).map(Self.text),
                    endsAt: choice.expiresAt.map(Self.text),
                    suspendedSince: try transaction.suspension(of: record.id).map(Self.text),
                    lastConversation: try transaction.conversation(of: record.id).map(Self.text),
                    lastSign: signs.seen.map(Self.text),
                    askedAt: signs.asked.map(Self.text)
                )
            )
        }
        contacts = try transaction.contacts(of: reader).map {
            Contact(address: $0.address.description, since: Self.text($0.addedAt))
        }
        affiliations = []
        for record in try transaction.affiliations(of: reader) {
            guard let node = try transaction.node(record.node) else { continue }
            affiliations.append(
                Affiliation(node: node.name.rawValue, affiliation: record.affiliation.rawValue)
            )
        }
        quietHours = try transaction.quietHours(of: reader).map { hours in
            "\(QuietCommand.clock(hours.start))-\(QuietCommand.clock(hours.end)) \(hours.zone)"
        }
        waitsWhileBusy = try transaction.waitsWhileBusy(reader)
        busyUntil = try transaction.busyEnd(of: reader).map(Self.text)
        clients = try transaction.presences(of: reader, at: Date()).map { presence in
            Client(
                address: presence.client.description,
                shows: presence.show?.rawValue,
                heardAt: Self.text(presence.heardAt),
                believedUntil: Self.text(presence.until)
            )
        }
        requests = try transaction.engineReaders(of: reader).map { asked in
            Request(
                node: asked.wish.node.rawValue,
                service: asked.wish.service.description,
                address: asked.wish.reader.description,
                wanted: asked.wish.isSubscribed ? "subscribed" : "none",
                state: asked.state.rawValue,
                since: Self.text(asked.createdAt)
            )
        }
        keepsRoomPassword = try transaction.roomPassword(of: reader).map { _ in true }
        failedDeliveries = try transaction.exceptionCount(of: reader)
    }

    private static func text(_ date: Date) -> String { DateTime(date).description }
}
