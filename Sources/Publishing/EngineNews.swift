public import Engine
public import Storage
public import XMPP

/// What happens at an engine, for the log and for those who publish there.
public enum EngineNews: Hashable, Sendable {
    /// What it can't do; told once a process, empty if it can do everything.
    case lacks([EngineLack])
    /// It was not there; it gets so many items that were published before, or meanwhile.
    case created(NodeID, earlierItems: Int)
    /// It takes over a node, and these fields of its configuration it can't or won't have as we
    /// want them; told once a process.
    case unmet(NodeID, [String])
    /// The node exists, and we are none of its owners.
    case notOwned(NodeID)
    /// An item is there as it should be, or is not there any more as it should.
    case done(EngineOperation)
    /// The same, but it has written the item down otherwise.
    case altered(EngineOperation)
    /// An item will never be there, and why.
    case refused(EngineOperation, String)
    /// A reader is subscribed there as was wanted, or no more.
    case readerChanged(EngineReader)
    /// A reader stays where they were, and why.
    case readerRefused(EngineReader, String)
    /// No more readers are asked for who would move to a node, since it lets us subscribe nobody; with how many
    /// are served from here.
    case turnedAway(NodeID, EngineError, staying: Int)
    /// All readers are where they belong who can be; with the reason if that is not all of it.
    case moved(EngineMove, reason: String?)
    /// It is no engine of ours any more: its nodes are deleted.
    case left
    /// Something does not go on, and why; told once for each remedy, until all does.
    case held(EngineError)
    case resumed
}
