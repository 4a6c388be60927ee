import Foundation
import Localization
import PubSub
public import Publishing
import Storage
public import XMPP

/// Rooms on the one list of readers, and what they are told.
public struct RoomReaders: Sendable {
    private let desk: ReaderDesk

    public init(_ office: ReaderOffice) {
        desk = office.desk
    }

    public var rooms: ReadingRooms { desk.rooms }

    /// Those that read something, each with the newsletter whose contact sits in it.
    public func all() async throws -> [(room: JID, newsletter: Newsletter)] {
        try await desk.store.read { try $0.readingRooms() }.compactMap { room, nodes in
            newsletter(amongThoseOf: nodes).map { (room, $0) }
        }
    }

    /// The first newsletter that has one of the nodes.
    private func newsletter(amongThoseOf nodes: Set<NodeID>) -> Newsletter? {
        desk.newsletters.first { newsletter in
            newsletter.allFeeds.contains { nodes.contains($0.node) }
        }
    }

    /// Announces the newsletter's issues in the room, in its own language.
    public func add(_ room: JID, to newsletter: Newsletter) async throws {
        let wasKnown = rooms.contains(room)
        rooms.add(room)
        let list = desk.list
        do {
            let effects = try await desk.store.write { transaction in
                try list.join(room, to: newsletter.defaultFeed, in: transaction).effects
            }
            await desk.send(effects)
        } catch {
            if !wasKnown { rooms.remove(room) }
            throw error
        }
    }

    /// The same where the configuration says so; nothing if it was done before, since a room that
    /// has ended it is not to begin anew at each start.
    public func addConfigured(_ room: JID, to newsletter: Newsletter) async throws {
        let key = "reading room \(newsletter.name) \(room)"
        guard try await desk.store.read({ try $0.setting(key) }) == nil else { return }
        let present = try await all().first { $0.room == room }?.newsletter.name
        if let present, present != newsletter.name { throw RoomReadsAnother(newsletter: present) }
        try await add(room, to: newsletter)
        try await desk.store.write { try $0.setSetting(key, to: "yes") }
    }

    /// With which an invitation has brought us into the room; nil if with none.
    public func password(of room: JID) async throws -> String? {
        try await desk.store.read { try $0.roomPassword(of: room) }
    }

    /// Remembers it, so that we are there again after a restart; nil forgets it.
    public func setPassword(_ password: String?, of room: JID) async throws {
        guard try await self.password(of: room) != password else { return }
        try await desk.store.write { try $0.setRoomPassword(password, of: room) }
    }

    /// The rooms that we were invited to and had not decided about when the process ended, each
    /// with our full address there.
    public func visits() async throws -> [(room: JID, address: JID)] {
        try await desk.store.read { try $0.visits() }
    }

    /// Remembers that we look at the room with that address; nil forgets it.
    public func setVisit(to room: JID, as address: JID?) async throws {
        let isKnown = try await visits().contains { $0.room == room }
        guard address != nil || isKnown else { return }
        try await desk.store.write { try $0.setVisit(to: room, as: address) }
    }

    public func reads(_ room: JID) async throws -> Bool {
        try await desk.store.read { transaction in
            try transaction.subscriptions(of: room).contains { $0.choice.form == .room }
        }
    }

    /// Ends all the room reads; what a person reads, whose address somebody passed off as a room's,
    /// stays.
    public func remove(_ room: JID) async throws {
        let service = desk.service
        let effects = try await desk.store.write { transaction in
            let subscriptions = try service.subscriptions(of: room, in: transaction)
            return try subscriptions.filter { $0.record.choice.form == .room }.flatMap {
                try service.unsubscribe($0.record.jid, from: $0.node, in: transaction)
            }
        }
        await desk.send(effects)
    }
}

/// A room that is to read a newsletter reads another already; we can be there as one only.
public struct RoomReadsAnother: Error, CustomStringConvertible {
    public let newsletter: String

    public var description: String {
        "The room reads '\(newsletter)', and a room can read one newsletter only. Say 'stop' in it "
            + "first, or take it out of 'announce_in'."
    }
}

/// What we say in a room that reads, or could.
public enum RoomWords: Sendable {
    /// It is announced here from now on.
    case begun
    /// Somebody has invited us of whom we can't tell whether they may decide that.
    case question(minutes: Int)
    /// Who is no admin gives commands.
    case onlyAdmins
    /// That was the last of it.
    case farewell

    public func text(about newsletter: Newsletter, nick: String, in language: String) -> String {
        let texts = ReaderTexts.texts(in: language)
        let facts: [String: any CustomStringConvertible] = [
            "newsletter": newsletter.title, "nick": nick,
        ]
        return switch self {
        case .begun: texts("room.begun", facts)
        case .question(let minutes):
            texts("room.question", facts.merging(["minutes": minutes]) { $1 })
        case .onlyAdmins: texts("room.onlyAdmins", facts)
        case .farewell: texts("room.farewell", facts)
        }
    }
}
