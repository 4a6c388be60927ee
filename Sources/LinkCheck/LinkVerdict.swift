/// What came of following an address.
public enum LinkVerdict: Hashable, Sendable, Codable {
    case reachable

    /// There is no such page or no such host.
    case dead(reason: String)

    /// Nobody can tell: the server is down, wants a password, or does not talk to programs.
    case unclear(reason: String)

    /// The verdict on the status a server answered with (RFC 9110 §15); 0 means no answer.
    init(status: Int) {
        switch status {
        // 416: there is a page, but less of it than was asked for.
        case 200..<400, 416: self = .reachable
        case 404, 410: self = .dead(reason: "the server says \(status)")
        default: self = .unclear(reason: "the server says \(status)")
        }
    }
}
