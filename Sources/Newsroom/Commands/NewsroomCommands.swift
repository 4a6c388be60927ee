public import Commands
public import Publishing

/// The editors' commands.
public enum NewsroomCommands {
    /// Declares all of them.
    ///
    /// - Parameters:
    ///   - newsdesk: The newsletters that are made here.
    ///   - publisher: Who publishes their issues.
    ///   - answers: How something is said to one person alone.
    ///   - wake: Tells the delivery that there is something to do.
    ///   - deliveries: Who knows the deliveries under way.
    ///   - status: What `status` answers, a line each.
    /// - Returns: The commands, in the order of the help.
    public static func all(
        newsdesk: Newsdesk,
        publisher: Publisher,
        answers: any PrivateAnswers,
        wake: @escaping @Sendable () async -> Void,
        deliveries: any RunningDeliveries,
        status: @escaping @Sendable () async throws -> [String]
    ) -> [Command] {
        [
            IssuesCommand(newsdesk: newsdesk, publisher: publisher).declaration,
            PreviewCommand(newsdesk: newsdesk, publisher: publisher, answers: answers).declaration,
            CheckCommand(newsdesk: newsdesk).declaration,
            PublishCommand(newsdesk: newsdesk, publisher: publisher, wake: wake).declaration,
            StatusCommand(lines: status).declaration,
        ]
            + DeliveryOrder.allCases.map {
                DeliveryCommand(order: $0, newsdesk: newsdesk, deliveries: deliveries).declaration
            }
    }
}
