import Foundation
import Issues

/// The last messages of a room, so that somebody can point at one of them.
struct RoomMemory {
    /// Longer ones are kept as far as this, in characters.
    private static let longestText = 2_000

    private let limit: Int
    private var messages: [String: RoomMessage] = [:]
    /// Their ids, oldest first.
    private var order: [String] = []
    /// Those that were collected already, so that a second reaction does nothing.
    private var collected: Set<String> = []

    init(limit: Int) {
        self.limit = limit
    }

    /// Keeps a message by the id that the room gave it, and forgets the oldest.
    mutating func remember(_ message: RoomMessage) {
        guard limit > 0, let id = message.stanzaID else { return }
        let short = RoomMessage(
            nick: message.nick,
            text: String(message.text.prefix(Self.longestText)),
            stanzaID: id
        )
        guard messages.updateValue(short, forKey: id) == nil else { return }
        order.append(id)
        while order.count > limit {
            let oldest = order.removeFirst()
            messages[oldest] = nil
            collected.remove(oldest)
        }
    }

    /// Takes a message as news; nil if it is forgotten, or was taken before.
    mutating func collect(_ id: String) -> RoomMessage? {
        guard let message = messages[id], collected.insert(id).inserted else { return nil }
        return message
    }

    /// Lets a message be taken again, since nothing came of it.
    mutating func putBack(_ id: String) {
        collected.remove(id)
    }
}

/// A sign that people put on messages (XEP-0444), however their client likes it to look.
struct RoomSign: Hashable {
    /// Without variation selectors, which some clients send and others don't.
    private let scalars: [Unicode.Scalar]

    init(_ text: String) {
        scalars = text.unicodeScalars.filter {
            !(0xFE00...0xFE0F).contains($0.value) && !$0.properties.isWhitespace
        }
    }
}

extension RoomMessage {
    /// The command that collects what the message tells, with its author as the one who told it.
    var newsLine: String {
        guard let (reference, rest) = WebReference.first(in: text) else { return "news add" }
        let words = rest.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        return "news add \(reference.address) \(words.prefix(Self.longestNews)) (by \(nick))"
    }

    /// More of a message than this is no piece of news, but a conversation.
    private static let longestNews = 300
}
