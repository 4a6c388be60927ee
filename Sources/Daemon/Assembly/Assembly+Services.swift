import Commands
import Component
import Foundation
import NIOPosix
import Newsroom
import PubSub
import Publishing
import ServiceLifecycle
import Storage

/// What runs, and what has to be there before.
extension Assembly {
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
        try await guestRooms.prepare()
        tally.begin(with: try await store.read { try $0.unfinishedPublicFanOuts() })
        let shell = ShellDesk(registry: CommandRegistry(editorsCommands(desks)), logger: logger)
        let reloading = reloading(under: manager, file, threshold)
        let operators = operatorDesk
        let socket = try await ControlSocket.bind(to: configuration.controlSocket, logger: logger) {
            if $0.words == ["reload"] { return await reloading.reload() }
            if let reply = await operators.answer($0.words) { return reply }
            return await shell.answer($0, say: $1)
        }
        let connection = ComponentConnection(
            configuration: configuration.stream,
            delegate: MeteredDelegate(delegate: switchboard, metrics: metrics),
            hasBeenOnline: hasBeenOnline,
            executor: executor,
            logger: logger
        )
        let monitoring = try await monitoringServer()
        // A service that has nothing to do would end, and all others with it.
        let roomsService = rooms.isEmpty ? [] : [RoomsService(rooms: rooms.map(\.service))]
        let services: [any Service] =
            [
                ConnectionService(connection: connection),
                FarewellService(greeting: greeting, link: link),
                GuestRoomsService(rooms: guestRooms),
            ] + roomsService + activities + [
                QueueService(queue: roomQueue), QueueService(queue: chatQueue),
                QueueService(queue: editorsQueue),
            ] + (links.map { [QueueService(queue: $0.queue)] } ?? []) + [
                ScheduleService(keeper: scheduleKeeper), socket,
                HangupService(reloading: reloading),
            ] + monitoring
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

    private var operatorDesk: OperatorDesk {
        let ask: ForeignFeed.Ask = { [link] iq in
            guard let stream = await link.stream else { throw FeedMove.NotConnected() }
            return try await stream.request(iq)
        }
        let engines = EngineExamination(newsletters: newsletters, ask: ask) { [store] in
            await EngineExamination.settledItems(of: $0, at: $1, in: store)
        }
        return OperatorDesk(
            service: pubsub,
            newsletters: newsletters,
            store: store,
            report: report,
            newsroom: NewsroomFacts(
                newsletters: configuration.newsletters,
                publisher: publisher,
                store: store
            ),
            engines: engines,
            mover: EngineMover(
                newsletters: newsletters,
                formerEngines: formerEngines,
                store: store,
                isConnected: { [link] in await link.stream != nil },
                engines: engines,
                urge: urge
            ),
            leftovers: EngineLeftovers(
                newsletters: newsletters,
                formerEngines: formerEngines,
                store: store,
                urge: urge
            ),
            send: { [link, outbox] effects in
                guard !effects.isEmpty, let stream = await link.stream else { return }
                await outbox.carryOut(effects, on: stream)
            },
            ask: ask,
            logger: logger
        )
    }

    /// Shows the metrics where the configuration says, if it does.
    private func monitoringServer() async throws -> [any Service] {
        guard let address = configuration.monitoring else { return [] }
        let (report, store, registry) = (report, store, metrics.registry)
        let figures = ServiceFigures(
            link: link,
            rooms: rooms.map(\.service),
            newsletters: newsletters,
            engines: enginePlaces,
            store: store
        )
        let pages = MonitoringPages(
            metrics: { registry.samples + (await figures.samples()) },
            health: {
                do {
                    try await store.read { _ = try $0.setting(Switchboard.hasBeenOnlineKey) }
                    return .init(isWell: true, text: "The program runs and reads its database.")
                } catch {
                    return .init(isWell: false, text: "\(error)")
                }
            },
            readiness: {
                .init(isWell: await report.isReady, text: await report.summary)
            }
        )
        return [try await MonitoringServer.bind(to: address, logger: logger, pages: pages)]
    }

    func reloading(
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

    /// What nobody may call a node: as ours are called, with their drafts, and as a further language's
    /// of a newsletter would be.
    static func reservedNames(_ newsletters: [Newsletter]) -> ReservedNames {
        let feeds = newsletters.flatMap(\.allFeeds)
        return ReservedNames(
            names: Set(feeds.map(\.node) + feeds.map(\.draftNode)),
            prefixes: Set(newsletters.map { "\($0.name)-" })
        )
    }

    /// Makes the nodes of all feeds, and settles what the process before us has left open; tells
    /// whether the server has ever accepted us.
    func prepareStore() async throws -> Bool {
        let (newsletters, pubsub, book, desks) = (newsletters, pubsub, book, desks)
        try await reviewEngines()
        return try await store.write { transaction in
            for newsletter in newsletters {
                for feed in newsletter.allFeeds {
                    let definition = NodeDefinition(
                        id: feed.node,
                        newsletter: newsletter.name,
                        language: feed.language,
                        title: feed.topic.map {
                            "\(newsletter.title): \($0.title) (\(feed.language))"
                        } ?? "\(newsletter.title) (\(feed.language))",
                        eventPayload: feed.eventPayload
                    )
                    _ = try pubsub.ensureNode(definition, in: transaction)
                }
            }
            try book.settleAnnouncements(at: desks, in: transaction)
            return try transaction.setting(Switchboard.hasBeenOnlineKey) != nil
        }
    }
}
