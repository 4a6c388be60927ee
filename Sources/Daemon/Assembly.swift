import Availability
import Commands
import Component
import Delivery
import Foundation
import Issues
import Logging
import NIOPosix
import Newsroom
import PubSub
import Publishing
import Readers
import ServiceLifecycle
import Storage
import XMPP

/// The parts of the service, each made once, and how they know each other.
struct Assembly {
    private let configuration: Configuration
    private let store: Store
    private let logger: Logger
    private let newsletters: [Newsletter]
    private let pubsub: PubSubService
    private let publisher: Publisher
    private let book: WorkflowBook
    private let refresh: IssueRefresh
    private let rights: CurrentRights
    private let rooms: [(settings: RoomSettings, service: RoomService)]
    private let desks: [NewsletterDesk]
    private let link = StreamLink()
    private let roomQueue: WorkQueue
    private let chatQueue: WorkQueue
    private let dispatcher: Dispatcher
    private let serviceDesk: ServiceDesk
    private let outbox: Outbox
    private let twinCheck: TwinCheck
    private let contactBook: ContactBook
    private let office: ReaderOffice
    private let activities: [StreamActivity]
    private let start = Date()
    private static let mostIssuesToChoose = 20

    init(_ configuration: Configuration, store: Store, logger: Logger) throws {
        self.configuration = configuration
        self.store = store
        self.logger = logger
        roomQueue = WorkQueue(bound: configuration.waitingCommands)
        chatQueue = WorkQueue(bound: configuration.waitingCommands)
        newsletters = configuration.newsletters.map(\.newsletter)
        var settings = configuration.pubsub
        settings.name = newsletters.map(\.title).joined(separator: ", ")
        settings.version = BroadsheetService.version
        settings.furtherFeatures =
            ContactDesk.personal.sorted { $0.rawValue < $1.rawValue }
            + [.receipts, .registration]
        settings.roomDomains = Set(configuration.rooms.map(\.room.domainpart))
        pubsub = PubSubService(domain: configuration.domain, settings: settings)
        publisher = Publisher(
            service: configuration.domain,
            store: store,
            engine: LocalEngine(service: pubsub),
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
        desks = configuration.newsletters.map(NewsletterDesk.init)
        let news = DeliveryNews(
            newsletters: newsletters,
            rooms: Self.roomsByNewsletter(rooms),
            store: store,
            logger: logger
        )
        let dispatcher = Self.dispatcher(configuration, store, logger, roomQueue, news)
        let twinCheck = TwinCheck(domain: configuration.domain, logger: logger)
        self.dispatcher = dispatcher
        let outbox = Outbox(dispatcher: dispatcher)
        let serviceDesk = ServiceDesk(
            service: pubsub,
            store: store,
            admits: Self.admission(rooms),
            logger: logger
        )
        self.outbox = outbox
        self.serviceDesk = serviceDesk
        let upkeep = Upkeep(
            serviceDesk: serviceDesk,
            outbox: outbox,
            interval: settings.upkeepInterval
        )
        self.twinCheck = twinCheck
        let office = Self.office(newsletters, pubsub, store, link, outbox, logger)
        let contactBook = ContactBook(office, presences: Self.presences(configuration))
        let greeting = Greeting(contactBook: contactBook, store: store, logger: logger)
        self.office = office
        self.contactBook = contactBook
        activities = [
            // A delivery ends with its stream, which tells of that itself.
            StreamActivity { try? await dispatcher.run(on: $0, after: $1) },
            StreamActivity { stream, _ in await twinCheck.run(on: stream) },
            StreamActivity { stream, _ in await upkeep.run(on: stream) },
            StreamActivity { stream, _ in await greeting.run(on: stream) },
        ]
    }

    /// Makes the nodes, binds the control socket, and gives all that has to run.
    ///
    /// They are ended in reverse order: no new commands, no more deliveries, out of the rooms, and
    /// the stream last. Whoever has started us, if somebody did, is told that all of it is there.
    func services(
        under manager: ServiceManager?,
        readAgain file: URL,
        threshold: LogThreshold
    ) async throws -> [any Service] {
        let hasBeenOnline = try await prepareStore()
        let shell = ShellDesk(registry: CommandRegistry(editorsCommands(desks)), logger: logger)
        let reloading = reloading(under: manager, file, threshold)
        let socket = try await ControlSocket.bind(to: configuration.controlSocket, logger: logger) {
            $0.words == ["reload"] ? await reloading.reload() : await shell.answer($0, say: $1)
        }
        let connection = ComponentConnection(
            configuration: configuration.stream,
            delegate: switchboard,
            hasBeenOnline: hasBeenOnline,
            logger: logger
        )
        // A service that has nothing to do would end, and all others with it.
        let roomsService = rooms.isEmpty ? [] : [RoomsService(rooms: rooms.map(\.service))]
        let services: [any Service] =
            [ConnectionService(connection: connection)] + roomsService + activities + [
                QueueService(queue: roomQueue), QueueService(queue: chatQueue),
                ScheduleService(keeper: scheduleKeeper), socket,
                HangupService(reloading: reloading),
            ]
        guard let manager else { return services }
        let watchdog = manager.patience.map { patience in
            Watchdog(
                manager: manager,
                loops: .singletonMultiThreadedEventLoopGroup,
                patience: patience
            )
        }
        let report = report
        return (watchdog.map { [$0] } ?? []) + services + [
            Supervision(manager: manager) { await report.summary }
        ]
    }

    private func reloading(
        under manager: ServiceManager?,
        _ file: URL,
        _ threshold: LogThreshold
    ) -> Reloading {
        Reloading(
            file: file,
            current: configuration,
            manager: manager,
            logger: logger
        ) { [rights, rooms] next in
            threshold.level = next.logLevel
            rights.replace(with: next.rights)
            for room in rooms { await room.service.update(rights: next.rights) }
        }
    }

    /// Every command there is, whoever may give it.
    var allCommands: CommandRegistry {
        CommandRegistry(editorsCommands(desks) + readersCommands)
    }
}

// MARK: - Commands

extension Assembly {
    /// The editors' commands for some of the newsletters.
    private func editorsCommands(_ desks: [NewsletterDesk], zone: LocalZone? = nil) -> [Command] {
        let (dispatcher, report) = (dispatcher, report)
        return NewsroomCommands.all(
            newsdesk: Newsdesk(desks: desks, today: { .today }),
            publisher: publisher,
            book: book,
            zone: zone,
            news: NewsBoard(store: store),
            answers: RoomWhispers(rooms: roomsByAddress.mapValues(\.service)),
            announcements: RoomAnnouncements(
                rooms: rooms.map { ($0.settings.announces, $0.service) }
            ),
            sources: refresh,
            rights: rights,
            journal: CommandJournal(store: store, limit: configuration.logEntries),
            present: { [rooms = roomsByAddress] in await rooms[$0]?.service.present ?? [] },
            wake: { await dispatcher.wake() },
            deliveries: DeliveryOrders(store: store, dispatcher: dispatcher),
            status: { try await report.lines() }
        )
    }

    /// Publishes by schedule, and tells the rooms what nobody asked.
    private var scheduleKeeper: ScheduleKeeper {
        let (dispatcher, rooms, logger) = (dispatcher, Self.roomsByNewsletter(rooms), logger)
        return ScheduleKeeper(
            newsdesk: Newsdesk(desks: desks, today: { .today }),
            publisher: publisher,
            book: book,
            grace: configuration.scheduleGrace,
            wake: { await dispatcher.wake() },
            say: { newsletter, text in
                logger.info("News", metadata: ["newsletter": "\(newsletter)", "text": "\(text)"])
                let rooms = rooms[newsletter] ?? []
                var isSaid = rooms.isEmpty
                for room in rooms {
                    if (try? await room.say(text)) != nil { isSaid = true }
                }
                return isSaid
            },
            report: { error in
                logger.error("Schedules were not looked at", metadata: ["reason": "\(error)"])
            }
        )
    }

    private var report: StatusReport {
        StatusReport(
            domain: configuration.domain,
            server: "\(configuration.stream.host):\(configuration.stream.port)",
            link: link,
            twinCheck: twinCheck,
            rooms: rooms.map(\.service),
            newsletters: newsletters,
            store: store
        )
    }

    private var readersCommands: [Command] { ReaderCommands.all(office) }

    private static func office(
        _ newsletters: [Newsletter],
        _ pubsub: PubSubService,
        _ store: Store,
        _ link: StreamLink,
        _ outbox: Outbox,
        _ logger: Logger
    ) -> ReaderOffice {
        ReaderOffice(
            newsletters: newsletters,
            service: pubsub,
            store: store,
            send: { effects in
                guard !effects.isEmpty, let stream = await link.stream else { return }
                await outbox.carryOut(effects, on: stream)
            },
            report: { error in
                logger.error("A reader was not served", metadata: ["reason": "\(error)"])
            }
        )
    }

    /// What each of our addresses shows of itself; the domain shows all its newsletters.
    private static func presences(_ configuration: Configuration) -> [JID: ContactPresence] {
        let newsletters = configuration.newsletters
        let sole = newsletters.count == 1 ? newsletters.first : nil
        let cards =
            newsletters.map { $0.card(at: $0.newsletter.contact) } + [
                sole?.card(at: configuration.domain)
                    ?? ContactCard(
                        address: configuration.domain,
                        title: newsletters.map(\.newsletter.title).joined(separator: ", ")
                    )
            ]
        let presences = cards.map { card in
            ContactPresence(
                card: card,
                capabilities: EntityCapabilities(
                    program: BroadsheetService.version.name,
                    info: ContactDesk.info(named: card.title)
                ),
                status: "Write “help” to see what I can do."
            )
        }
        return Dictionary(presences.map { ($0.card.address, $0) }, uniquingKeysWith: { $1 })
    }
}

// MARK: - Stanzas

extension Assembly {
    private var switchboard: Switchboard {
        Switchboard(
            addresses: AddressBook(
                domain: configuration.domain,
                contacts: Set(contacts.keys),
                rooms: Set(roomsByAddress.keys),
                commands: Set(allCommands.commands.map(\.name))
            ),
            gatekeeper: Gatekeeper(configuration.traffic, logger: logger),
            serviceDesk: serviceDesk,
            contactDesk: ContactDesk(
                service: configuration.domain,
                presences: contactBook.presences,
                version: BroadsheetService.version,
                start: start
            ),
            chatDesk: ChatDesk(
                dialogue: CommandDialogue(allCommands, limits: configuration.commands),
                newsletters: contacts.mapValues(\.name),
                rights: rights,
                maximumLength: configuration.commandLength,
                queue: chatQueue,
                damper: ChatDamper(answersPerMinute: configuration.answersPerMinute),
                cut: configuration.cut,
                logger: logger
            ),
            commandDesk: commandDesk(allCommands) { [rights] person in
                Invoker(
                    role: rights.now.role(of: person),
                    jid: person,
                    displayName: "\(person.bare)"
                )
            },
            readerDoor: ReaderDoor(
                contactBook: contactBook,
                registration: Registration(office),
                maximumLength: configuration.commandLength,
                queue: chatQueue
            ),
            roomDesks: roomsByAddress.mapValues(roomDesk),
            dispatcher: dispatcher,
            outbox: outbox,
            twinCheck: twinCheck,
            activities: activities,
            link: link,
            logger: logger
        )
    }

    private func roomDesk(_ settings: RoomSettings, _ service: RoomService) -> RoomDesk {
        let own = desks.filter { settings.newsletters.contains($0.newsletter.name) }
        return RoomDesk(
            room: service,
            dialogue: CommandDialogue(
                CommandRegistry(editorsCommands(own, zone: settings.zone)),
                limits: configuration.commands
            ),
            commandDesk: commandDesk(
                CommandRegistry(editorsCommands(own, zone: settings.zone) + readersCommands)
            ) {
                await service.invoker(named: $0.resourcepart ?? "")
            },
            newsletter: own.count == 1 ? own.first?.newsletter.name : nil,
            maximumLength: configuration.commandLength,
            queue: roomQueue,
            logger: logger
        )
    }

    private func commandDesk(
        _ registry: CommandRegistry,
        recognize: @escaping CommandDesk.Recognition
    ) -> CommandDesk {
        let (newsletters, newsdesk) = (newsletters, Newsdesk(desks: desks, today: { .today }))
        return CommandDesk(
            registry: registry,
            limits: configuration.commands,
            maximumLength: configuration.commandLength,
            domain: configuration.domain,
            newsletters: contacts.mapValues(\.name),
            queue: chatQueue,
            logger: logger,
            recognize: recognize
        ) { command, name in
            let own = newsletters.filter { name == nil || $0.name == name }
            var options: CommandForm.Options = [
                CommandForm.newsletter: own.map { .init($0.name, label: $0.title) }
            ]
            for parameter in command.parameters {
                switch parameter.kind {
                case .language:
                    let languages = own.flatMap(\.languages)
                    options[parameter.name] = Set(languages).sorted().map { .init($0) }
                case .issue:
                    let issues = newsdesk.newestIssues(of: name, atMost: Self.mostIssuesToChoose)
                    options[parameter.name] = issues.map { .init($0) }
                case .word, .text, .choice:
                    break
                }
            }
            return options
        }
    }

    private var contacts: [JID: Newsletter] {
        Dictionary(newsletters.map { ($0.contact, $0) }, uniquingKeysWith: { first, _ in first })
    }

    private var roomsByAddress: [JID: (settings: RoomSettings, service: RoomService)] {
        Dictionary(rooms.map { ($0.settings.room, $0) }, uniquingKeysWith: { first, _ in first })
    }
}

// MARK: - Making the parts

extension Assembly {
    /// Makes the nodes of all feeds; tells whether the server has ever accepted us.
    private func prepareStore() async throws -> Bool {
        let (newsletters, pubsub) = (newsletters, pubsub)
        return try await store.write { transaction in
            for newsletter in newsletters {
                for feed in newsletter.allFeeds {
                    let definition = NodeDefinition(
                        id: feed.node,
                        newsletter: newsletter.name,
                        language: feed.language,
                        title: feed.topic.map {
                            "\(newsletter.title): \($0.title) (\(feed.language))"
                        } ?? "\(newsletter.title) (\(feed.language))"
                    )
                    _ = try pubsub.ensureNode(definition, in: transaction)
                }
            }
            return try transaction.setting(Switchboard.hasBeenOnlineKey) != nil
        }
    }

    private static func dispatcher(
        _ configuration: Configuration,
        _ store: Store,
        _ logger: Logger,
        _ queue: WorkQueue,
        _ news: DeliveryNews
    ) -> Dispatcher {
        let rhythm = ProgressRhythm(interval: configuration.progressInterval)
        let now = CommandDialogue.timeSinceNow()
        return Dispatcher(
            store: store,
            domain: configuration.domain,
            pingTarget: configuration.stream.pingTarget,
            settings: configuration.delivery,
            logger: logger,
            report: { event in
                // The delivery waits for us, so the room is told later.
                guard rhythm.isDue(event, at: now()) else { return }
                _ = queue.add { await news.tell(event) }
            }
        )
    }

    /// Who may create nodes as one of those in a room.
    private static func admission(
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

    private static func roomsByNewsletter(
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
    /// Makes of a text for somebody in a chat the messages it is sent as.
    fileprivate var cut: @Sendable (String) -> [String] {
        { [messageSize] text in
            messageSize.map { ChatParts(text, limit: $0).texts } ?? [text]
        }
    }
}

extension Configuration {
    fileprivate var rights: RightsTable {
        RightsTable(
            rooms: Dictionary(
                rooms.map { ($0.room, $0.roles) },
                uniquingKeysWith: { first, _ in first }
            ),
            people: people
        )
    }
}

extension RoomConfiguration {
    /// The room's first newsletter sits in it.
    fileprivate init(_ settings: RoomSettings, newsletters: Configuration) throws {
        let all = newsletters.newsletters.map(\.newsletter)
        let names = settings.newsletters + settings.announces
        let own = names.lazy.compactMap { name in all.first { $0.name == name } }.first ?? all.first
        guard let own else { preconditionFailure("a configuration has a newsletter") }
        try self.init(
            room: settings.room,
            contact: own.contact,
            nick: settings.nick,
            password: settings.password
        )
        newsSign = settings.newsSign
        rememberedMessages = settings.rememberedMessages
    }
}

extension NewsletterSettings {
    /// What the newsletter shows of itself at one of its addresses.
    fileprivate func card(at address: JID) -> ContactCard {
        ContactCard(
            address: address,
            title: newsletter.title,
            about: about,
            url: web,
            avatar: avatar
        )
    }
}

extension NewsletterDesk {
    fileprivate init(_ settings: NewsletterSettings) {
        let language = settings.newsletter.defaultFeed.language
        self.init(
            newsletter: settings.newsletter,
            directory: IssueDirectory(
                path: settings.issues.path(percentEncoded: false),
                defaultLanguage: language
            ),
            context: settings.issueContext,
            checks: settings.checks,
            zone: settings.zone,
            approvals: settings.approvals,
            specifications: settings.specificationLists.map {
                SpecificationFolder(path: $0.path(percentEncoded: false))
            },
            calendar: settings.calendar
        )
    }
}

extension IssueDate {
    /// The day it is now, in UTC.
    fileprivate static var today: IssueDate {
        let parts = Calendar(identifier: .iso8601).dateComponents(in: .gmt, from: Date())
        let date = IssueDate(year: parts.year ?? 0, month: parts.month ?? 0, day: parts.day ?? 0)
        guard let date else { preconditionFailure("the calendar has no day today") }
        return date
    }
}
