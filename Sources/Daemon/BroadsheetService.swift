import Commands
import Component
import Delivery
import Foundation
import IDNA
import Issues
import Logging
import Newsroom
import PubSub
import Publishing
import Readers
import ServiceLifecycle
import Storage
import XML
public import XMPP

/// The whole service, put together from its parts.
public struct BroadsheetService: Sendable {
    /// The name and version that we answer with (XEP-0092).
    public static let version = SoftwareVersion(name: "Broadsheet", version: "0.1.0")

    private let configuration: Configuration
    private let logger: Logger

    public init(configuration: Configuration) {
        self.configuration = configuration
        var logger = Logger(label: "broadsheet") { StreamLogHandler.standardError(label: $0) }
        logger.logLevel = configuration.logLevel
        self.logger = logger
    }

    /// Runs until SIGTERM or SIGINT, and ends in order: nothing that was acknowledged is lost.
    ///
    /// Throws ``Component/ComponentRefused`` when the server refuses us at the first connect ever,
    /// ``Storage/StoreError`` when the database can't be used.
    public func run() async throws {
        let store = try Store(path: configuration.database.path(percentEncoded: false))
        let parts = try await ServiceParts(configuration, store: store, logger: logger)
        let group = ServiceGroup(
            configuration: ServiceGroupConfiguration(
                services: parts.services.map { service in
                    ServiceGroupConfiguration.ServiceConfiguration(
                        service: service,
                        failureTerminationBehavior: .gracefullyShutdownGroup
                    )
                },
                gracefulShutdownSignals: [.sigterm, .sigint],
                logger: logger
            )
        )
        try await group.run()
        logger.info("Ended")
    }

    /// The exit status an error ends the program with.
    ///
    /// 78 (`EX_CONFIG`) says that trying again is of no use before somebody changes a setting.
    public static func exitStatus(for error: any Error) -> Int32 {
        error is ComponentRefused || error is ConfigurationError ? 78 : 1
    }
}

/// The parts, each made once, in the order in which they depend on each other.
private struct ServiceParts {
    let services: [any Service]

    init(_ configuration: Configuration, store: Store, logger: Logger) async throws {
        let newsletters = configuration.newsletters.map(\.newsletter)
        let pubsub = PubSubService(
            domain: configuration.domain,
            settings: PubSubSettings(
                name: newsletters.map(\.title).joined(separator: ", "),
                version: BroadsheetService.version,
                roomDomains: Set(configuration.rooms.map(\.room.domainpart))
            )
        )
        let hasBeenOnline = try await Self.prepare(store, pubsub, newsletters)
        let publisher = Publisher(
            service: configuration.domain,
            store: store,
            engine: LocalEngine(service: pubsub)
        )
        let rights = RightsTable(
            rooms: Dictionary(
                configuration.rooms.map { ($0.room, $0.roles) },
                uniquingKeysWith: { $1 }
            ),
            people: configuration.people
        )
        let rooms = try configuration.rooms.map { settings in
            (settings, try Self.room(settings, newsletters, rights: rights, logger: logger))
        }
        let roomQueue = WorkQueue(bound: 100)
        let chatQueue = WorkQueue(bound: 1000)
        let news = DeliveryNews(
            store: store,
            newsletters: newsletters,
            rooms: Self.roomsByNewsletter(rooms),
            logger: logger
        )
        let dispatcher = Dispatcher(
            store: store,
            domain: configuration.domain,
            pingTarget: configuration.stream.pingTarget,
            settings: configuration.delivery,
            logger: logger,
            report: { event in
                guard case .finished(let report) = event else { return }
                _ = roomQueue.add { await news.tell(report) }
            }
        )
        let delivery = DeliveryService(dispatcher: dispatcher, logger: logger)
        let link = StreamLink()
        let report = StatusReport(
            domain: configuration.domain,
            server: "\(configuration.stream.host):\(configuration.stream.port)",
            link: link,
            rooms: rooms.map(\.1),
            newsletters: newsletters,
            store: store
        )
        let desks = configuration.newsletters.map(Self.desk)
        let whispers = RoomWhispers(
            rooms: Dictionary(
                rooms.map { ($0.0.room, $0.1) },
                uniquingKeysWith: { first, _ in first }
            )
        )
        /// The editors' commands for some of the newsletters.
        let commands = { @Sendable (desks: [NewsletterDesk]) in
            NewsroomCommands.all(
                newsdesk: Newsdesk(desks: desks, today: { .today }),
                publisher: publisher,
                answers: whispers,
                wake: { await delivery.wake() },
                status: { try await report.lines() }
            )
        }

        let roomDesks = rooms.map { settings, room in
            let own = desks.filter { settings.newsletters.contains($0.newsletter.name) }
            return RoomDesk(
                room: room,
                registry: CommandRegistry(commands(own)),
                newsletter: own.count == 1 ? own.first?.newsletter.name : nil,
                queue: roomQueue,
                logger: logger
            )
        }
        let readerCommands = ReaderCommands.all(
            newsletters: newsletters,
            service: pubsub,
            store: store
        )
        let contacts = Dictionary(
            newsletters.map { ($0.contact, $0) },
            uniquingKeysWith: { first, _ in first }
        )
        let switchboard = Switchboard(
            addresses: AddressBook(
                domain: configuration.domain,
                contacts: Set(contacts.keys),
                rooms: Set(configuration.rooms.map(\.room))
            ),
            serviceDesk: ServiceDesk(service: pubsub, store: store, logger: logger),
            contactDesk: ContactDesk(
                titles: contacts.mapValues(\.title),
                version: BroadsheetService.version
            ),
            chatDesk: ChatDesk(
                registry: CommandRegistry(readerCommands + commands(desks)),
                newsletters: contacts.mapValues(\.name),
                rights: rights,
                queue: chatQueue,
                logger: logger
            ),
            roomDesks: Dictionary(
                roomDesks.map { ($0.room.configuration.room, $0) },
                uniquingKeysWith: { first, _ in first }
            ),
            delivery: delivery,
            link: link,
            logger: logger
        )
        let shell = ShellDesk(registry: CommandRegistry(commands(desks)), logger: logger)
        let socket = try await ControlSocket.bind(to: configuration.controlSocket, logger: logger) {
            await shell.answer($0, say: $1)
        }
        // Ended in reverse order: no new commands, no more deliveries, out of the rooms, and the
        // stream last.
        services = [
            ConnectionService(
                connection: ComponentConnection(
                    configuration: configuration.stream,
                    delegate: switchboard,
                    hasBeenOnline: hasBeenOnline,
                    logger: logger
                )
            ),
            RoomsService(rooms: rooms.map(\.1)),
            delivery,
            QueueService(queue: roomQueue),
            QueueService(queue: chatQueue),
            socket,
        ]
    }

    /// Makes the nodes of all feeds; tells whether the server has ever accepted us.
    private static func prepare(
        _ store: Store,
        _ service: PubSubService,
        _ newsletters: [Newsletter]
    ) async throws -> Bool {
        try await store.write { transaction in
            for newsletter in newsletters {
                for feed in newsletter.feeds {
                    try service.ensureNode(
                        NodeDefinition(
                            id: feed.node,
                            newsletter: newsletter.name,
                            language: feed.language,
                            title: "\(newsletter.title) (\(feed.language))"
                        ),
                        in: transaction
                    )
                }
            }
            return try transaction.setting(Switchboard.hasBeenOnlineKey) != nil
        }
    }

    private static func room(
        _ settings: RoomSettings,
        _ newsletters: [Newsletter],
        rights: RightsTable,
        logger: Logger
    ) throws -> RoomService {
        let own = newsletters.first { settings.newsletters.contains($0.name) }
        guard let contact = own?.contact ?? newsletters.first?.contact else {
            preconditionFailure("a configuration without newsletters is refused")
        }
        return RoomService(
            try RoomConfiguration(
                room: settings.room,
                contact: contact,
                nick: settings.nick,
                password: settings.password
            ),
            rights: rights,
            logger: logger
        )
    }

    private static func desk(_ settings: NewsletterSettings) -> NewsletterDesk {
        let language = settings.newsletter.defaultFeed.language
        return NewsletterDesk(
            newsletter: settings.newsletter,
            directory: IssueDirectory(
                path: settings.issues.path(percentEncoded: false),
                defaultLanguage: language
            ),
            context: IssueContext(
                defaultLanguage: language,
                site: settings.web.map { WebSite(base: $0, defaultLanguage: language) },
                hostToASCII: { try? DomainName.toASCII($0) }
            )
        )
    }

    private static func roomsByNewsletter(
        _ rooms: [(RoomSettings, RoomService)]
    ) -> [String: [RoomService]] {
        var result: [String: [RoomService]] = [:]
        for (settings, room) in rooms {
            for name in settings.newsletters {
                result[name, default: []].append(room)
            }
        }
        return result
    }
}

extension IssueDate {
    /// The day it is now, in UTC.
    fileprivate static var today: IssueDate {
        let parts = Calendar(identifier: .iso8601).dateComponents(
            in: .gmt,
            from: Date()
        )
        let date = IssueDate(
            year: parts.year ?? 0,
            month: parts.month ?? 0,
            day: parts.day ?? 0
        )
        guard let date else { preconditionFailure("the calendar has no day today") }
        return date
    }
}
