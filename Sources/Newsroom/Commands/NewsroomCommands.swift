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
            IssuesCommand(newsdesk: newsdesk, publisher: publisher, book: book).declaration,
            PreviewCommand(
                newsdesk: newsdesk,
                publisher: publisher,
                answers: answers,
                pages: drafts,
                wake: wake
            ).declaration,
            ShowCommand(newsdesk: newsdesk, publisher: publisher).declaration,
            CheckCommand(newsdesk: newsdesk, book: book, links: LinkQuestion(links: links))
                .declaration,
            DiffCommand(newsdesk: newsdesk, publisher: publisher).declaration,
            PublishCommand(newsdesk: newsdesk, release: release, timetable: timetable).declaration,
            ScheduleCommand(newsdesk: newsdesk, timetable: timetable).declaration,
            UnscheduleCommand(newsdesk: newsdesk, book: book).declaration,
            ApproveCommand(newsdesk: newsdesk, book: book).declaration,
            WithdrawApprovalCommand(newsdesk: newsdesk, book: book).declaration,
            CorrectCommand(newsdesk: newsdesk, publisher: publisher, book: book, wake: wake)
                .declaration,
            RetractCommand(
                newsdesk: newsdesk,
                publisher: publisher,
                book: book,
                announcements: announcements,
                wake: wake
            ).declaration,
            StatusCommand(lines: status, newsdesk: newsdesk, publisher: publisher, book: book)
                .declaration,
            AnnounceCommand(
                newsdesk: newsdesk,
                publisher: publisher,
                announcements: announcements
            ).declaration,
            TranslationsCommand(newsdesk: newsdesk, publisher: publisher).declaration,
            CalendarCommand(newsdesk: newsdesk, book: book, zone: zone).declaration,
            RefreshCommand(newsdesk: newsdesk, sources: sources).declaration,
            ReadersCommand(newsdesk: newsdesk, publisher: publisher).declaration,
            LogCommand(journal: journal).declaration,
        ]
        let collecting = [
            NewsCommand(newsdesk: newsdesk, board: news).declaration,
            DraftCommand(newsdesk: newsdesk, board: news).declaration,
            SpecsCommand(newsdesk: newsdesk, answers: answers).declaration,
        ]
        let orders = DeliveryOrder.allCases.map {
            DeliveryCommand(order: $0, newsdesk: newsdesk, deliveries: deliveries).declaration
        }
        let all = commands + collecting + orders
        let who = WhoCommand(rights: rights, present: present, commands: all)
        return (all + [who.declaration]).map(journal.keeping)
    }
}
