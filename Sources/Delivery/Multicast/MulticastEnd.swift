/// Why readers are written to one by one again, though there was a multicast service.
enum MulticastEnd: Hashable, Sendable {
    /// It does not answer, though the server does.
    case silent
    /// The server says that it is not there, or it is no multicast service any more.
    case gone
    /// It has refused a stanza, for that reason.
    case refused(String)
    /// Stream after stream ended while it was used.
    case unstable
}

extension MulticastEnd: CustomStringConvertible {
    var description: String {
        switch self {
        case .silent: "it does not answer"
        case .gone: "it is not there any more"
        case .unstable: "no stream lasted while it was used"
        case .refused(let reason): "it refuses what is handed to it: \(reason)"
        }
    }
}
