public import Commands
public import Publishing
public import XMPP

/// The editors' commands.
public enum NewsroomCommands {
    /// Declares all of them.
    ///
    /// - Parameters:
    ///   - newsdesk: The newsletters that are made here.
    ///   - publisher: Who publishes their issues.
    ///   - book: Where is kept how far each issue has come.
    ///   - zone: In which times are said at this place; nil for each newsletter's own.
    ///   - news: What was collected for issues to come.
    ///   - answers: How something is said to one person alone.
    ///   - drafts: Where issues are shown as pages before they are out.
    ///   - rooms: Where issues are announced.
    ///   - sources: What brings their files up to date.
    ///   - links: What follows their links over the web; nil if nothing may.
    ///   - rights: Who may do what.
    ///   - journal: Where the commands that change something are remembered.
    ///   - present: Who is in a room of ours now; empty for others.
    ///   - wake: Tells the delivery that there is something to do.
    ///   - deliveries: Who knows the deliveries under way.
    ///   - status: What `status` answers in a language, a line each.
    /// - Returns: The commands, in the order of the help.
    public static func all(
        newsdesk: Newsdesk,
        publisher: Publisher,
        book: WorkflowBook,
        zone: LocalZone? = nil,
        news: NewsBoard,
        answers: any PrivateAnswers,
        drafts: any DraftPages,
        announcing rooms: any AnnouncementRooms,
        sources: any IssueSources,
        links: (any LinkFollowing)? = nil,
        rights: CurrentRights,
        journal: CommandJournal,
        present: @escaping @Sendable (JID) async -> [Invoker] = { _ in [] },
        wake: @escaping @Sendable () async -> Void,
        deliveries: any RunningDeliveries,
        status: @escaping @Sendable (_ language: String) async throws -> [String]
    ) -> [Command] {
        let release = Release(publisher: publisher, book: book, wake: wake)
        let timetable = Timetable(publisher: publisher, book: book, zone: zone)
        let announcements = Announcements(rooms: rooms, book: book)
        let commands = [
            IssuesCommand(newsdesk: newsdesk, publisher: publisher, book: book).command,
            PreviewCommand(
                newsdesk: newsdesk,
                publisher: publisher,
                answers: answers,
                pages: drafts,
                wake: wake
            ).command,
            ShowCommand(newsdesk: newsdesk, publisher: publisher).command,
            CheckCommand(newsdesk: newsdesk, book: book, links: LinkQuestion(links: links))
                .command,
            DiffCommand(newsdesk: newsdesk, publisher: publisher).command,
            PublishCommand(newsdesk: newsdesk, release: release, timetable: timetable).command,
            ScheduleCommand(newsdesk: newsdesk, timetable: timetable).command,
            UnscheduleCommand(newsdesk: newsdesk, book: book).command,
            ApproveCommand(newsdesk: newsdesk, book: book).command,
            WithdrawApprovalCommand(newsdesk: newsdesk, book: book).command,
            CorrectCommand(newsdesk: newsdesk, publisher: publisher, book: book, wake: wake)
                .command,
            RetractCommand(
                newsdesk: newsdesk,
                publisher: publisher,
                book: book,
                announcements: announcements,
                wake: wake
            ).command,
            StatusCommand(lines: status, newsdesk: newsdesk, publisher: publisher, book: book)
                .command,
            AnnounceCommand(
                newsdesk: newsdesk,
                publisher: publisher,
                announcements: announcements
            ).command,
            TranslationsCommand(newsdesk: newsdesk, publisher: publisher).command,
            CalendarCommand(newsdesk: newsdesk, book: book, zone: zone).command,
            RefreshCommand(newsdesk: newsdesk, sources: sources).command,
            ReadersCommand(newsdesk: newsdesk, publisher: publisher).command,
            LogCommand(journal: journal).command,
        ]
        let collecting = [
            NewsCommand(newsdesk: newsdesk, board: news).command,
            DraftCommand(newsdesk: newsdesk, board: news).command,
            SpecsCommand(newsdesk: newsdesk, answers: answers).command,
        ]
        let orders = DeliveryOrder.allCases.map {
            DeliveryCommand(
                order: $0,
                newsdesk: newsdesk,
                publisher: publisher,
                deliveries: deliveries
            ).command
        }
        let all = commands + collecting + orders
        let who = WhoCommand(rights: rights, present: present, commands: all)
        return (all + [who.command]).map(journal.keeping)
    }

    /// What all of them are, in the order of the help.
    public static let declarations: [CommandDeclaration] =
        [
            IssuesCommand.declaration, PreviewCommand.declaration, ShowCommand.declaration,
            CheckCommand.declaration, DiffCommand.declaration, PublishCommand.declaration,
            ScheduleCommand.declaration, UnscheduleCommand.declaration,
            ApproveCommand.declaration, WithdrawApprovalCommand.declaration,
            CorrectCommand.declaration, RetractCommand.declaration, StatusCommand.declaration,
            AnnounceCommand.declaration, TranslationsCommand.declaration,
            CalendarCommand.declaration, RefreshCommand.declaration, ReadersCommand.declaration,
            LogCommand.declaration, NewsCommand.declaration, DraftCommand.declaration,
            SpecsCommand.declaration,
        ] + DeliveryOrder.allCases.map(DeliveryCommand.declaration) + [WhoCommand.declaration]

    /// The one of that name; one that does not exist is a mistake of ours.
    public static func declaration(of name: String) -> CommandDeclaration {
        guard let declaration = declarations.first(where: { $0.name == name }) else {
            preconditionFailure("there is no command '\(name)'")
        }
        return declaration
    }
}
