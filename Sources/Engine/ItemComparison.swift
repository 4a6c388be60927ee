public import XML

/// How what an engine has compares to what was to be there.
public enum ItemComparison: Hashable, Sendable {
    case same
    /// The same version of the entry, which the engine has written down otherwise.
    case altered
    case different

    /// Compares by content; entries (RFC 4287) by id and date of change too.
    public init(_ found: Element?, with wanted: Element) {
        guard let found else {
            self = .different
            return
        }
        if found == wanted {
            self = .same
        } else if let version = Self.version(wanted), version == Self.version(found) {
            self = .altered
        } else {
            self = .different
        }
    }

    private static func version(_ entry: Element) -> [String]? {
        guard let id = entry.child("id")?.text, let updated = entry.child("updated")?.text else {
            return nil
        }
        return [id, updated]
    }
}
