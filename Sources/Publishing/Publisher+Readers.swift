import Foundation
public import Storage

extension Publisher {
    /// The readers of a feed in numbers.
    public struct FeedReaders: Hashable, Sendable {
        public let feed: Newsletter.Feed
        /// All who are subscribed, those included who have asked to be sent nothing.
        public let subscribed: Int
        public let byForm: [ReaderCount]
        /// Nil where nobody counted before today.
        public let growth: Growth?
    }

    /// How many readers more there are than some days ago; below zero if they are fewer.
    public struct Growth: Hashable, Sendable {
        public let readers: Int
        public let days: Int
    }

    /// How many days back growth is counted, or since the first count if that was later.
    private static let growthDays = 30.0
    private static let day = 86_400.0

    /// How many read each of the newsletter's feeds, and in which form; never who.
    public func readers(of newsletter: Newsletter) async throws -> [FeedReaders] {
        try await store.read { transaction in
            try newsletter.allFeeds.map { feed in
                guard let node = try transaction.node(named: feed.node) else {
                    return FeedReaders(feed: feed, subscribed: 0, byForm: [], growth: nil)
                }
                let subscribed = try transaction.subscriptionCount(of: node.id)
                return FeedReaders(
                    feed: feed,
                    subscribed: subscribed,
                    byForm: try transaction.readerCounts(of: node.id),
                    growth: try growth(to: subscribed, of: node.id, in: transaction)
                )
            }
        }
    }

    private func growth(
        to readers: Int,
        of node: NodeRowID,
        in transaction: borrowing Transaction
    ) throws -> Growth? {
        let now = now()
        let start = now.addingTimeInterval(-Self.growthDays * Self.day)
        guard let first = try transaction.firstReaderDay(of: node, since: start) else { return nil }
        let days = Int(now.timeIntervalSince(first.day) / Self.day)
        return days < 1 ? nil : Growth(readers: readers - first.readers, days: days)
    }
}
