import Storage
import Synchronization
public import XMPP

/// The fan-outs that an error may answer, so that an id which somebody has made up is known for one as
/// soon as it is read, and nobody looks for it in the database.
///
/// Whoever got a message knows the tag of its fan-out, but not the key: of what they make up, hardly
/// one in a thousand million stands for a subscription that was there.
///
/// A lock rather than an actor: it is asked for each message of the type `error`.
public final class AnswerableDeliveries: Sendable {
    private struct Entry {
        let cipher: FeistelCipher
        let lastSubscription: Int64

        init(_ key: [UInt8], _ lastSubscription: SubscriptionRowID) {
            cipher = FeistelCipher(key: key.dropFirst(FanOutRecord.tagLength))
            self.lastSubscription = lastSubscription.rawValue
        }
    }

    private struct Known {
        /// By tag.
        var entries: [UInt64: Entry]
        /// How many there may be before they are read once more.
        let limit: Int
    }

    /// So many of the newest are known; besides them all that are under way or have their messages
    /// still, an hour after their end at least.
    static let capacity = 10_000

    /// Nil until they are read, and then any may be answered.
    private let known = Mutex<Known?>(nil)
    private let capacity: Int

    init(capacity: Int = AnswerableDeliveries.capacity) {
        self.capacity = capacity
    }

    /// Whether they are to be read from the database.
    var needsReading: Bool {
        known.withLock { $0.map { $0.entries.count > $0.limit } ?? true }
    }

    /// Takes those that were read, in place of all that were known.
    func take(_ fanOuts: [FanOutKey]) {
        let entries = Dictionary(
            fanOuts.map { (Self.tag($0.key), Entry($0.key, $0.lastSubscription)) },
            uniquingKeysWith: { $1 }
        )
        let limit = 2 * max(capacity, entries.count)
        known.withLock { $0 = Known(entries: entries, limit: limit) }
    }

    /// Takes one of which nothing was sent yet.
    func add(_ fanOut: FanOutRecord) {
        known.withLock {
            $0?.entries[Self.tag(fanOut.key)] = Entry(fanOut.key, fanOut.lastSubscription)
        }
    }

    /// Whether a message may be an error that came back from a delivery; it proves nothing.
    public func mayBeAnswered(by message: Message) -> Bool {
        guard let id = message.id, let (tag, word) = StanzaIDCodec.words(of: id) else {
            return false
        }
        return known.withLock { known in
            guard let known else { return true }
            guard let entry = known.entries[tag] else { return false }
            let place = StanzaIDCodec.Place(word: entry.cipher.decrypt(word))
            let first = place.sharers?.lowerBound ?? place.subscription.rawValue
            return first <= entry.lastSubscription
        }
    }

    private static func tag(_ key: [UInt8]) -> UInt64 {
        StanzaIDCodec.word(key.prefix(FanOutRecord.tagLength))
    }
}
