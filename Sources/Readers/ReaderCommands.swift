public import Commands
public import PubSub
public import Publishing
public import Storage

/// What readers can write to a newsletter, or to the domain.
public enum ReaderCommands {
    /// Declares all of them.
    ///
    /// - Parameters:
    ///   - newsletters: Those that can be subscribed to.
    ///   - service: Where the subscriptions are kept.
    ///   - store: The database of the service.
    ///   - send: Sends what others are to be told, once it is stored.
    ///   - report: Is told what went wrong when a reader hears only that something did.
    /// - Returns: The commands, in the order of the help.
    public static func all(
        newsletters: [Newsletter],
        service: PubSubService,
        store: Store,
        send: @escaping @Sendable ([PubSubEffect]) async -> Void = { _ in },
        report: @escaping @Sendable (any Error) -> Void = { _ in }
    ) -> [Command] {
        let desk = ReaderDesk(
            newsletters: newsletters,
            service: service,
            store: store,
            send: send,
            report: report
        )
        return [
            SubscribeCommand(desk: desk).declaration,
            UnsubscribeCommand(desk: desk).declaration,
            LatestCommand(desk: desk).declaration,
        ]
    }
}
