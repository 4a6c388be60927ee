package import Foundation

/// How things stand, for programs: what `broadsheet status --json` prints.
package struct StatusFacts: Codable, Hashable, Sendable {
    package struct Room: Codable, Hashable, Sendable {
        package var room: String
        package var isJoined: Bool
        package var text: String
    }

    package struct Node: Codable, Hashable, Sendable {
        package var node: String
        package var readers: Int
        package var suspended: Int
    }

    package struct Delivery: Codable, Hashable, Sendable {
        package var item: String
        package var node: String
        package var isHeld: Bool
        package var sent: Int
        package var total: Int
        package var failed: Int
        package var triedAgain: Int
    }

    /// What a newsletter has at another PubSub service.
    package struct Engine: Codable, Hashable, Sendable {
        package var newsletter: String
        package var service: String
        /// Whether that is where the configuration has it; otherwise nothing is done there.
        package var isCurrent: Bool
        /// Whether the configuration names an engine that can have what waits for one it had before.
        package var hasSuccessor: Bool
        /// How many changes are still to be made there.
        package var waiting: Int
        /// How many it will never make.
        package var refused: Int
        /// How many readers are still to be subscribed there, or no more.
        package var readers: Int
        package var since: Date?
        /// Why, if there is a reason.
        package var reason: String?
    }

    package var isConnected: Bool
    /// A sentence on the stream.
    package var stream: String
    /// Whether another component of our domain gets part of our stanzas.
    package var hasTwin: Bool
    package var rooms: [Room]
    package var nodes: [Node]
    package var deliveries: [Delivery]
    package var engines: [Engine]
    /// Whose readers go to another service, or come back.
    package var moves: [EngineMoveReport]

    /// What to do about a twin, if there is one.
    package var twinWarning: String? {
        guard hasTwin else { return nil }
        return "Another component of this domain is connected and gets part of our stanzas. "
            + "Stop one of them."
    }
}
