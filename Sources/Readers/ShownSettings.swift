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
    /// Whether a translation comes too where the original came before.
    let translations: Bool

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
        translations = chat?.record.choice.takesTranslations ?? true
    }
}

/// What somebody wants to be so; nil is as it is shown.
struct WantedSettings {
    var feed: Newsletter.Feed
    var amount: ChatAmount?
    var translations: Bool?
}

extension ReaderList {
    /// Lets the newsletter come to the reader as messages, as they want it; what was shown so before
    /// stays as it is, with all that is particular about it.
    func apply(
        _ wanted: WantedSettings,
        to reader: JID,
        at newsletter: Newsletter,
        changing shown: ShownSettings,
        in transaction: borrowing Transaction
    ) throws -> [PubSubEffect] {
        var effects: [PubSubEffect] = []
        if !shown.reads || wanted.feed.language != shown.language {
            effects = try move(reader, to: wanted.feed, of: newsletter, in: transaction)
        }
        let amount = wanted.amount == shown.amount ? nil : wanted.amount
        let translations = wanted.translations == shown.translations ? nil : wanted.translations
        guard amount != nil || translations != nil else { return effects }
        try change(of: reader, at: newsletter, in: transaction) { choice in
            choice.amount = amount ?? choice.amount
            choice.takesTranslations = translations ?? choice.takesTranslations
        }
        return effects
    }
}
