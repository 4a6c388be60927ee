import XMPP

/// What has happened on a stream and waits for the delegate, in order.
///
/// What has arrived weighs as many bytes as it came in; the backlog is full when all together reach
/// its capacity, which is how a slow delegate slows down the reading of the socket.
struct Backlog {
    /// What the delegate is told.
    enum News: Sendable {
        case opened
        case arrived([Inbound])
        /// To be sent to those who were turned away.
        case refused([Stanza])
    }

    private let capacity: Int
    private var news: [News] = []
    private var weight = 0

    /// - Parameter capacity: in bytes.
    init(capacity: Int) {
        self.capacity = capacity
    }

    var isEmpty: Bool { news.isEmpty }
    var isFull: Bool { weight >= capacity }

    /// Adds something, full or not.
    mutating func add(_ news: News, weight: Int = 0) {
        self.news.append(news)
        self.weight += weight
    }

    mutating func removeAll() -> [News] {
        defer { self = Backlog(capacity: capacity) }
        return news
    }
}
