import Commands
import Newsroom
import Publishing
import Readers
import XMPP

/// Where stanzas go.
extension Assembly {
    var switchboard: Switchboard {
        let mailroom = Mailroom(outbox, executor: executor)
        return Switchboard(
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
                language: { [office] in await office.language(of: $0, at: $1) },
                conversed: { [office] in await office.noteConversation(with: $0) },
                maximumLength: configuration.commandLength,
                queue: directQueue,
                answers: ChatDamper(answersPerMinute: configuration.answersPerMinute),
                commands: damper,
                cut: configuration.cut,
                logger: logger
            ),
            commandDesk: commandDesk(
                allCommands,
                queue: directQueue,
                recognize: { [rights, noteSign] person in
                    await noteSign(person)
                    return Invoker(
                        role: rights.now.role(of: person),
                        jid: person,
                        displayName: "\(person.bare)"
                    )
                },
                language: { [office] in await office.language(of: $0.bare, at: $1) }
            ),
            readerDoor: ReaderDoor(
                contactBook: contactBook,
                registration: Registration(office),
                noteSign: noteSign,
                maximumLength: configuration.commandLength,
                queue: chatQueue
            ),
            roomDesks: roomsByAddress.mapValues(roomDesk),
            guestRooms: guestRooms,
            readingRooms: RoomReaders(office).rooms,
            dispatcher: dispatcher,
            returned: returned,
            outbox: outbox,
            mailroom: mailroom,
            requestLine: RequestLine(
                serviceDesk,
                mailroom: mailroom,
                metrics: outbox.metrics,
                executor: executor,
                capacity: configuration.traffic.waitingSubscriptions
            ),
            twinCheck: twinCheck,
            activities: activities,
            link: link,
            logger: logger
        )
    }

    /// What waits for what when somebody asks us directly: readers for no editor.
    private var directQueue: @Sendable (JID) -> WorkQueue {
        { [rights, chatQueue, editorsQueue] person in
            rights.now.role(of: person) > .reader ? editorsQueue : chatQueue
        }
    }

    /// Notes that a reader is there, if anything depends on that.
    private var noteSign: @Sendable (JID) async -> Void {
        guard configuration.idleReaders.expiry != nil else { return { _ in } }
        return { [office] in await office.noteSign(of: $0) }
    }

    func roomDesk(_ settings: RoomSettings, _ service: RoomService) -> RoomDesk {
        let own = desks.filter { settings.newsletters.contains($0.newsletter.name) }
        return RoomDesk(
            room: service,
            dialogue: CommandDialogue(
                CommandRegistry(editorsCommands(own, zone: settings.zone)),
                limits: configuration.commands
            ),
            commandDesk: commandDesk(
                CommandRegistry(editorsCommands(own, zone: settings.zone) + readersCommands),
                queue: { [roomQueue] _ in roomQueue },
                recognize: { await service.invoker(named: $0.resourcepart ?? "") },
                language: { _, _ in settings.language }
            ),
            newsletter: own.count == 1 ? own.first?.newsletter.name : nil,
            maximumLength: configuration.commandLength,
            queue: roomQueue,
            damper: damper,
            logger: logger
        )
    }

    func commandDesk(
        _ registry: CommandRegistry,
        queue: @escaping @Sendable (JID) -> WorkQueue,
        recognize: @escaping CommandDesk.Recognition,
        language: @escaping CommandDesk.UsualLanguage
    ) -> CommandDesk {
        let (newsletters, newsdesk) = (newsletters, Newsdesk(desks: desks, today: { .today }))
        return CommandDesk(
            registry: registry,
            limits: configuration.commands,
            maximumLength: configuration.commandLength,
            domain: configuration.domain,
            newsletters: contacts.mapValues(\.name),
            queue: queue,
            damper: damper,
            logger: logger,
            recognize: recognize,
            language: language
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

    var contacts: [JID: Newsletter] {
        Dictionary(newsletters.map { ($0.contact, $0) }, uniquingKeysWith: { first, _ in first })
    }

    var roomsByAddress: [JID: (settings: RoomSettings, service: RoomService)] {
        Dictionary(rooms.map { ($0.settings.room, $0) }, uniquingKeysWith: { first, _ in first })
    }
}
