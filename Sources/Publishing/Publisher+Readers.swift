public import Storage

extension Publisher {
    /// The readers of a feed in numbers.
    public struct FeedReaders: Hashable, Sendable {
        public let feed: Newsletter.Feed
        /// All who are subscribed, those included who have asked to be sent nothing.
        public let subscribed: Int
        public let byForm: [ReaderCount]
    }

    /// How many read each of the newsletter's feeds, and in which form; never who.
    public func readers(of newsletter: Newsletter) async throws -> [FeedReaders] {
        try await store.read { transaction in
            try newsletter.allFeeds.map { feed in
                guard let node = try transaction.node(named: feed.node) else {
                    return FeedReaders(feed: feed, subscribed: 0, byForm: [])
                }
                return FeedReaders(
                    feed: feed,
                    subscribed: try transaction.subscriptionCount(of: node.id),
                    byForm: try transaction.readerCounts(of: node.id)
                )
            }
        }
    }
}
