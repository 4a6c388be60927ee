import Logging
import XMPP

/// Leaves out of the log whose address it is: `…@example.org` for `juliet@example.org/balcony`.
///
/// Addresses of ours and of the rooms we sit in are no secret, but who is in a room is. What stands
/// beside an address without a space goes too where it might be a part of it: a localpart can have
/// nearly any sign in it, a resource all of them (RFC 7622 §3.3, §3.4).
struct AddressVeil: Sendable {
    /// The domains of newsletters and rooms.
    let ownDomains: Set<String>

    func veiled(_ text: String) -> String {
        guard text.contains("@") else { return text }
        var result = ""
        var word = ""
        for character in text {
            if character.isWhitespace {
                result += veiled(word: word)
                result.append(character)
                word = ""
            } else {
                word.append(character)
            }
        }
        return result + veiled(word: word)
    }

    func veiled(_ value: Logger.MetadataValue) -> Logger.MetadataValue {
        switch value {
        case .string(let text): .string(veiled(text))
        case .stringConvertible(let value): .string(veiled("\(value)"))
        case .array(let values): .array(values.map(veiled))
        case .dictionary(let values): .dictionary(values.mapValues(veiled))
        }
    }

    /// What stands between an address and what is before it, or the address before it.
    private static let openers: Set<Character> = [
        "\"", "'", "“", "„", "<", ">", "(", "[", "{", ",", ";", "|", ":", "=", "-", "→", "←",
    ]
    /// What stands between an address and what is after it.
    private static let closers: Set<Character> = [
        "\"", "'", "”", "“", ">", ")", "]", "}", ",", ";", ".", ":", "!", "?",
    ]

    /// A word's parts between its `@`: each but the first begins with a domain, and each but the
    /// last ends with a localpart.
    private func veiled(word: String) -> String {
        var parts = word.split(separator: "@", omittingEmptySubsequences: false)[...]
        guard var localpart = parts.popFirst(), !parts.isEmpty else { return word }
        var isFirst = true
        var result = ""
        while let part = parts.popFirst() {
            let domain = part.prefix(while: Self.isOfDomain)
            result += isOwn(domain) ? String(localpart) : Self.veiled(localpart, isFirst)
            result += "@" + domain
            let rest = part[domain.endIndex...]
            if let slash = rest.firstIndex(of: "/") {
                // All that follows may be of the resource, which says who it is, often enough.
                return result + rest[..<slash] + Self.end(of: word)
            }
            (localpart, isFirst) = (rest, false)
        }
        return result + localpart
    }

    private static func isOfDomain(_ character: Character) -> Bool {
        character.isLetter || character.isNumber || character == "." || character == "-"
    }

    private func isOwn(_ domain: Substring) -> Bool {
        var bare = domain
        while let last = bare.last, last == "." || last == "-" { bare.removeLast() }
        return ownDomains.contains(bare.lowercased())
    }

    /// Only what opens a quotation or joins two addresses is left of what stands before an `@`.
    private static func veiled(_ localpart: Substring, _ isFirst: Bool) -> String {
        let opening = localpart.prefix { openers.contains($0) }
        return opening + (isFirst || opening.endIndex < localpart.endIndex ? "…" : "")
    }

    private static func end(of word: String) -> String {
        String(word.reversed().prefix { closers.contains($0) }.reversed())
    }
}

/// Lets another write each entry, without people's addresses in those that are above `debug`.
struct VeilingLogHandler: RelayingLogHandler {
    var writer: any LogHandler
    private let veil: AddressVeil

    init(_ writer: any LogHandler, veil: AddressVeil) {
        self.writer = writer
        self.veil = veil
    }

    func log(event: LogEvent) {
        guard event.level > .debug else { return writer.log(event: event) }
        var event = event
        event.message = "\(veil.veiled("\(event.message)"))"
        event.metadata = event.metadata?.mapValues(veil.veiled)
        writer.log(event: event)
    }
}
