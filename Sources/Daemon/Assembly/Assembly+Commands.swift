import Commands
import Newsroom
import Publishing
import Readers

/// What people can ask for, and what is done by the clock.
extension Assembly {
    /// Every command there is, whoever may give it.
    var allCommands: CommandRegistry {
        CommandRegistry(editorsCommands(desks) + readersCommands, vocabulary: Self.vocabulary)
    }

    /// The words people have for commands in their languages.
    static let vocabulary = Vocabulary([ReaderCommands.words])

    /// The editors' commands for some of the newsletters.
    func editorsCommands(_ desks: [NewsletterDesk], zone: LocalZone? = nil) -> [Command] {
        let (dispatcher, report) = (dispatcher, report)
        return NewsroomCommands.all(
            newsdesk: Newsdesk(desks: desks, today: { .today }),
            publisher: publisher,
            book: book,
            zone: zone,
            news: NewsBoard(store: store),
            answers: RoomWhispers(rooms: roomsByAddress.mapValues(\.service)),
            drafts: DraftSites(configuration),
            announcing: RoomAnnouncements(
                rooms: rooms.map { ($0.settings.announces, $0.service) }
            ),
            sources: refresh,
            links: links,
            rights: rights,
            journal: CommandJournal(store: store, limit: configuration.logEntries),
            present: { [rooms = roomsByAddress] in await rooms[$0]?.service.present ?? [] },
            wake: wake,
            deliveries: DeliveryOrders(store: store, dispatcher: dispatcher),
            status: { try await report.lines(in: $0) }
        )
    }

    /// Publishes by schedule, and tells the rooms what nobody asked.
    var scheduleKeeper: ScheduleKeeper {
        let (rooms, logger) = (Self.roomsByNewsletter(rooms), logger)
        return ScheduleKeeper(
            newsdesk: Newsdesk(desks: desks, today: { .today }),
            publisher: publisher,
            book: book,
            grace: configuration.scheduleGrace,
            wake: wake,
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

    var report: StatusReport {
        StatusReport(
            domain: configuration.domain,
            server: configuration.stream.servers.map(\.description).joined(separator: ", "),
            link: link,
            twinCheck: twinCheck,
            rooms: rooms.map(\.service),
            newsletters: newsletters,
            store: store
        )
    }

    var readersCommands: [Command] { ReaderCommands.all(office) }
}
