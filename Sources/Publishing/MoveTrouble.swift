import XMPP

/// Why a newsletter does not leave an engine.
enum MoveTrouble: Error, CustomStringConvertible {
    /// It gives fewer than it counts or names, or some that are unusable.
    case itemsLacking(NodeID)
    case itemsOneByOne(NodeID)
    case itemsUncounted(NodeID)
    case itemsUnreadable(NodeID, ForeignFeedError)
    case readersStay
    /// In words.
    case readersUnreadable(NodeID, String)

    var description: String {
        switch self {
        case .itemsLacking(let node):
            "The service counts or names more items of '\(node)' than it gives. Those it gave are here now: "
                + "compare them, and give the command again. As long as that is so, its nodes stay there; "
                + "--abandon leaves them alone."
        case .itemsOneByOne(let node):
            "The items of '\(node)' there come one by one, and the service does not say how many they are, "
                + "so its nodes stay. Raise 'component.maximum_stanza_size' until they come in one answer, "
                + "restart Broadsheet, and give the command again; or compare them, and give it with "
                + "--abandon."
        case .itemsUncounted(let node):
            "'\(node)' has items there that were not here, and the service does not say how many. "
                + "Those it gave are here now: compare them, and give the command again."
        case .itemsUnreadable(let node, let error):
            "The items of '\(node)' there can't be had, so what only the service has is not here. "
                + "\(error) Give the command again when that has changed."
        case .readersStay:
            "There are readers whom the service does not let go, so its nodes stay. Delete them there "
                + "yourself, if you mean it."
        case .readersUnreadable(let node, let reason):
            "Who reads '\(node)' there can't be had, since they come in one stanza. \(reason) Raise it "
                + "above that, restart Broadsheet, and give the command again."
        }
    }
}
