import PubSub
import Publishing
import Storage
import XMPP

/// What a form for settings shows of what comes to a reader as messages; where nothing does, what
/// would come.
///
/// What a client gets by PubSub is its own affair, and in no form of ours.
struct ShownSettings {
    let reads: Bool
    let amount: ChatAmount
    let language: String

    /// Those of the first thing that comes as messages.
    init(
        of reader: JID,
        at newsletter: Newsletter,
        in list: ReaderList,
        _ transaction: borrowing Transaction
    ) throws {
        let chat = try list.chats(of: reader, at: newsletter, in: transaction).first
        reads = chat != nil
        amount = chat?.record.choice.amount ?? .short
        language = chat?.feed.language ?? newsletter.defaultFeed.language
    }
}

extension ReaderList {
    /// Lets the newsletter come to the reader as messages, in that language and amount; what was
    /// shown so before stays as it is, with all that is particular about it.
    func apply(
        _ feed: Newsletter.Feed,
        _ amount: ChatAmount?,
        to reader: JID,
        at newsletter: Newsletter,
        changing shown: ShownSettings,
        in transaction: borrowing Transaction
    ) throws -> [PubSubEffect] {
        let amount = amount == shown.amount ? nil : amount
        guard shown.reads, feed.language == shown.language else {
            return try move(reader, to: feed, of: newsletter, amount: amount, in: transaction)
        }
        if let amount { try set(amount, of: reader, at: newsletter, in: transaction) }
        return []
    }
}
