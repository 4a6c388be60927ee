import Commands
import Logging
import Newsroom
import Publishing
import Readers
import ServiceLifecycle
import XMPP

/// The rooms of the newsrooms, and what they vouch for.
extension Assembly {
    /// Who may create nodes as one of those in a room.
    static func admission(
        _ rooms: [(settings: RoomSettings, service: RoomService)]
    ) -> @Sendable (JID) async -> Bool {
        let rooms = rooms.filter { !$0.settings.creators.isEmpty }
        return { person in
            for (settings, room) in rooms {
                if await room.shows(person, as: settings.creators) { return true }
            }
            return false
        }
    }

    /// The rooms in which issues are announced.
    static func guestRooms(
        _ configuration: Configuration,
        _ office: ReaderOffice,
        _ queue: WorkQueue,
        _ damper: CommandDamper,
        _ notices: SignUpNotices,
        _ logger: Logger
    ) -> GuestRooms {
        let registry = CommandRegistry(ReaderCommands.all(office), vocabulary: vocabulary)
        return GuestRooms(
            readers: RoomReaders(office),
            dialogue: CommandDialogue(registry, limits: configuration.commands),
            newsletters: configuration.newsletters.map(\.newsletter),
            configured: configuration.newsletters.flatMap { settings in
                settings.readingRooms.map { ($0, settings.newsletter.name) }
            },
            ownRooms: Set(configuration.rooms.map(\.room)),
            limits: configuration.guests,
            queue: queue,
            maximumLength: configuration.commandLength,
            damper: damper,
            cut: configuration.cut,
            interval: configuration.pubsub.upkeepInterval,
            logger: logger,
            alarm: { try await notices.tell(of: $0) }
        )
    }

    static func roomsByNewsletter(
        _ rooms: [(settings: RoomSettings, service: RoomService)]
    ) -> [String: [RoomService]] {
        var result: [String: [RoomService]] = [:]
        for (settings, service) in rooms {
            for name in settings.newsletters {
                result[name, default: []].append(service)
            }
        }
        return result
    }
}

extension Configuration {
    /// With which of our addresses we are in a room: that of the first newsletter it names.
    func contact(in room: RoomSettings) -> JID {
        let all = newsletters.map(\.newsletter)
        let named = (room.newsletters + room.announces).lazy
            .compactMap { name in all.first { $0.name == name } }.first
        return (named ?? all.first)?.contact ?? domain
    }

    var rights: RightsTable {
        RightsTable(
            rooms: Dictionary(
                rooms.map { ($0.room, $0.roles) },
                uniquingKeysWith: { first, _ in first }
            ),
            hats: Dictionary(
                rooms.map { ($0.room, $0.hats) },
                uniquingKeysWith: { first, _ in first }
            ),
            people: people
        )
    }
}

extension RoomConfiguration {
    init(_ settings: RoomSettings, newsletters: Configuration) throws {
        try self.init(
            room: settings.room,
            contact: newsletters.contact(in: settings),
            nick: settings.nick,
            password: settings.password
        )
        newsSign = settings.newsSign
        language = settings.language
        rememberedMessages = settings.rememberedMessages
    }
}
