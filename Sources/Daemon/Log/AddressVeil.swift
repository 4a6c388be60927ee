import Logging
import XMPP

/// Leaves out of the log whose address it is: `…@example.org` for `juliet@example.org/balcony`.
///
/// Addresses of ours and of the rooms we sit in are no secret.
struct AddressVeil: Sendable {
    /// The domains of newsletters and rooms.
    let ownDomains: Set<String>

    func veiled(_ text: String) -> String {
        guard text.contains("@") else { return text }
        var result = ""
        var word = ""
        for character in text {
            if Self.separators.contains(character) || character.isWhitespace {
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

    private static let separators: Set<Character> = [
        "\"", "'", "“", "”", "„", "<", ">", "(", ")", "[", "]", "{", "}", ",", ";",
    ]

    private func veiled(word: String) -> String {
        guard let at = word.firstIndex(of: "@") else { return word }
        let rest = word[word.index(after: at)...]
        let domain = rest.prefix { $0.isLetter || $0.isNumber || $0 == "." || $0 == "-" }
        var bare = domain[...]
        while bare.last == "." { bare.removeLast() }
        guard !ownDomains.contains(bare.lowercased()) else { return word }
        // What a client calls itself says who it is, as often as not.
        let tail = rest[domain.endIndex...]
        return "…@" + domain + (tail.first == "/" ? "" : tail)
    }
}

/// Lets another write each entry, without people's addresses in those that are above `debug`.
struct VeilingLogHandler: LogHandler {
    private var writer: any LogHandler
    private let veil: AddressVeil

    init(_ writer: any LogHandler, veil: AddressVeil) {
        self.writer = writer
        self.veil = veil
    }

    var metadata: Logger.Metadata {
        get { writer.metadata }
        set { writer.metadata = newValue }
    }

    var metadataProvider: Logger.MetadataProvider? {
        get { writer.metadataProvider }
        set { writer.metadataProvider = newValue }
    }

    var logLevel: Logger.Level {
        get { writer.logLevel }
        set { writer.logLevel = newValue }
    }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { writer[metadataKey: key] }
        set { writer[metadataKey: key] = newValue }
    }

    func log(event: LogEvent) {
        guard event.level > .debug else { return writer.log(event: event) }
        var event = event
        event.message = "\(veil.veiled("\(event.message)"))"
        event.metadata = event.metadata?.mapValues(veil.veiled)
        writer.log(event: event)
    }
}
