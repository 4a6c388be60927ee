import Availability
import Commands
import Component
import Delivery
import Foundation
import Logging
import Newsroom
import PubSub
import Publishing
import Readers
import Storage

/// The parts of the service, each made once, and how they know each other.
struct Assembly {
    let configuration: Configuration
    let store: Store
    let metrics: ServiceMetrics
    let tally: DeliveryTally
    let logger: Logger
    let newsletters: [Newsletter]
    let pubsub: PubSubService
    let publisher: Publisher
    let book: WorkflowBook
    let refresh: IssueRefresh
    let links: EditorsLinks?
    let rights: CurrentRights
    let rooms: [(settings: RoomSettings, service: RoomService)]
    let desks: [NewsletterDesk]
    let link = StreamLink()
    let roomQueue: WorkQueue
    let chatQueue: WorkQueue
    /// What editors ask for besides the rooms may take long: no reader is to wait for it.
    let editorsQueue: WorkQueue
    let damper: CommandDamper
    /// Where the stream lives, and who writes to it most.
    let executor = StreamExecutor()
    let dispatcher: Dispatcher
    let returned: ReturnedMessages
    let formerEngines: FormerEngines
    let couriers: [EngineCourier]
    let serviceDesk: ServiceDesk
    let outbox: Outbox
    let twinCheck: TwinCheck
    let contactBook: ContactBook
    let greeting: Greeting
    let office: ReaderOffice
    let guestRooms: GuestRooms
    let activities: [StreamActivity]
    let start = Date()
    static let mostIssuesToChoose = 20

    init(
        _ configuration: Configuration,
        store: Store,
        formerEngines: FormerEngines = FormerEngines(),
        metrics: ServiceMetrics,
        logger: Logger
    ) throws {
        self.configuration = configuration
        self.store = store
        self.formerEngines = formerEngines
        self.metrics = metrics
        tally = DeliveryTally(metrics)
        self.logger = logger
        roomQueue = WorkQueue(bound: configuration.waitingCommands)
        chatQueue = WorkQueue(bound: configuration.waitingCommands)
        editorsQueue = WorkQueue(bound: configuration.waitingCommands)
        links = configuration.links.map(EditorsLinks.init)
        damper = CommandDamper(perMinute: configuration.commandsPerMinute)
        newsletters = configuration.newsletters.map(\.newsletter)
        var settings = configuration.pubsub
        settings.name = newsletters.map(\.title).joined(separator: ", ")
        settings.version = BroadsheetService.version
        settings.furtherFeatures =
            ContactDesk.personal.sorted { $0.rawValue < $1.rawValue }
            + [.receipts, .registration]
        settings.furtherIdentities = [ContactDesk.bot(named: settings.name)]
        settings.furtherForms = [DataPolicy.dataForm]
        settings.roomDomains = Set(configuration.rooms.map(\.room.domainpart))
        settings.reservedNames = Self.reservedNames(newsletters)
        settings.elsewhere = Dictionary(
            newsletters.flatMap(\.nodesElsewhere),
            uniquingKeysWith: { first, _ in first }
        )
        pubsub = PubSubService(domain: configuration.domain, settings: settings)
        publisher = Publisher(
            service: configuration.domain,
            store: store,
            engine: Self.engine(newsletters, formerEngines, pubsub),
            cut: configuration.cut
        )
        book = WorkflowBook(store: store)
        refresh = IssueRefresh(
            Dictionary(
                configuration.newsletters.compactMap { settings in
                    settings.refresh.map { (settings.newsletter.name, $0) }
                },
                uniquingKeysWith: { first, _ in first }
            )
        )
        let rights = configuration.rights
        self.rights = CurrentRights(rights)
        rooms = try configuration.rooms.map { settings in
            let configuration = try RoomConfiguration(settings, newsletters: configuration)
            return (settings, RoomService(configuration, rights: rights, logger: logger))
        }
        desks = configuration.newsletters.map { settings in
            let room = configuration.rooms.first {
                $0.newsletters.contains(settings.newsletter.name)
            }
            return NewsletterDesk(settings, roomLanguage: room?.language ?? "en")
        }
        couriers = Self.couriers(
            desks,
            formerEngines,
            configuration.engines,
            pubsub,
            store,
            metrics,
            logger
        )
        let news = DeliveryNews(
            newsletters: newsletters,
            rooms: Self.roomsByNewsletter(rooms),
            store: store,
            logger: logger
        )
        let dispatcher = Self.dispatcher(
            configuration,
            store,
            executor,
            logger,
            roomQueue,
            tally,
            news
        )
        let twinCheck = TwinCheck(domain: configuration.domain, logger: logger)
        self.dispatcher = dispatcher
        let outbox = Outbox(
            dispatcher: dispatcher,
            metrics: metrics,
            longestStanza: settings.maximumStanzaSize,
            portionSize: configuration.traffic.answerBytes
        )
        let serviceDesk = ServiceDesk(
            service: pubsub,
            store: store,
            admits: Self.admission(rooms),
            portionSize: configuration.traffic.answerBytes,
            logger: logger
        )
        self.outbox = outbox
        self.serviceDesk = serviceDesk
        self.twinCheck = twinCheck
        let office = Self.office(
            configuration,
            newsletters,
            pubsub,
            store,
            link,
            outbox,
            couriers,
            logger
        )
        let notices = SignUpNotices(desks: desks, store: store)
        let idleReaders = IdleReaders(office, limits: configuration.idleReaders)
        let returned = ReturnedMessages(
            Self.desk(idleReaders, dispatcher, metrics),
            capacity: configuration.delivery.waitingErrors,
            logger: logger
        )
        self.returned = returned
        let upkeep = Upkeep(
            serviceDesk: serviceDesk,
            outbox: outbox,
            census: ReaderCensus(store: store, logger: logger),
            signUpNotices: notices,
            idleReaders: idleReaders,
            interval: settings.upkeepInterval
        )
        let contactBook = ContactBook(office, presences: Self.presences(configuration))
        let greeting = Greeting(
            contactBook: contactBook,
            newsletters: newsletters,
            domain: configuration.domain,
            nextIssue: NextIssue(desks: desks, book: book),
            store: store,
            interval: settings.upkeepInterval,
            logger: logger
        )
        self.greeting = greeting
        self.office = office
        guestRooms = Self.guestRooms(
            configuration,
            office,
            chatQueue,
            damper,
            notices,
            logger
        )
        self.contactBook = contactBook
        let deliveries = DeliveryRuns(logger: logger) { try await dispatcher.run(on: $0) }
        activities =
            [
                StreamActivity { stream in await deliveries.run(on: stream) },
                StreamActivity { stream in
                    await returned.run { words in
                        await outbox.carryOut(words.map(PubSubEffect.message), on: stream)
                    }
                },
                StreamActivity { stream in await twinCheck.run(on: stream) },
                StreamActivity { stream in await upkeep.run(on: stream) },
                StreamActivity { stream in await greeting.run(on: stream) },
            ] + couriers.map { Self.activity(of: $0, configuration.engines) }
    }
}
