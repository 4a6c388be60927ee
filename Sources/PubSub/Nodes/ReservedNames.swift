public import XMPP

/// Names that nobody may give a node of their own: those of the newsletters' nodes, also of ones
/// that are still to come, such as that of a further language.
public struct ReservedNames: Hashable, Sendable {
    public var names: Set<NodeID>
    public var prefixes: Set<String>

    public init(names: Set<NodeID> = [], prefixes: Set<String> = []) {
        self.names = names
        self.prefixes = prefixes
    }

    func contains(_ name: NodeID) -> Bool {
        names.contains(name) || prefixes.contains { name.rawValue.hasPrefix($0) }
    }
}
