/// A web address in what somebody wrote, and when two of them are the same.
public struct WebReference: Hashable, Sendable {
    /// As it was written, with what Markdown would stumble over percent-encoded.
    public let address: String

    private static let schemes = ["https://", "http://", "gemini://", "xmpp:"]

    /// Nil unless the word is an address, in angle brackets or not.
    public init?(_ word: some StringProtocol) {
        var text = word[...]
        if text.first == "<", text.last == ">" { text = text.dropFirst().dropLast() }
        let lower = text.lowercased()
        guard let scheme = Self.schemes.first(where: lower.hasPrefix),
            text.utf8.count > scheme.utf8.count,
            text.unicodeScalars.allSatisfy({ !$0.properties.isWhitespace && $0.value >= 0x20 })
        else { return nil }
        let rest = text.dropFirst(scheme.count)
        guard rest.first?.isLetter == true || rest.first?.isNumber == true || rest.first == "["
        else { return nil }
        var address = scheme
        for character in rest {
            switch character {
            case "(": address += "%28"
            case ")": address += "%29"
            case "<": address += "%3C"
            case ">": address += "%3E"
            case "\\": address += "%5C"
            case "`": address += "%60"
            case "*": address += "%2A"
            default: address.append(character)
            }
        }
        self.address = address
    }

    /// The first address in a text, without the punctuation that ends a sentence, and the rest.
    public static func first(in text: String) -> (reference: WebReference, rest: String)? {
        for word in text.split(whereSeparator: \.isWhitespace) {
            var candidate = word
            while let first = candidate.first, "(<„“\"'".contains(first) {
                candidate = candidate.dropFirst()
            }
            while let last = candidate.last, endsSentence(last, candidate) {
                candidate = candidate.dropLast()
            }
            guard let reference = WebReference(candidate) else { continue }
            let rest = text[..<word.startIndex] + text[word.endIndex...]
            return (reference, String(rest).joiningLines())
        }
        return nil
    }

    /// Whether a word's last character is not the address's; a parenthesis is if it opened in it.
    private static func endsSentence(_ last: Character, _ word: Substring) -> Bool {
        if last == ")" { return word.count { $0 == ")" } > word.count { $0 == "(" } }
        return ".,;:!?>\"'”“".contains(last)
    }

    /// The same for addresses that lead to the same page: neither the scheme's `s`, capitals of the
    /// host, a final slash, a fragment nor parameters that only count visitors matter.
    public var key: String {
        guard let colon = address.range(of: "://") else { return address.lowercased() }
        var scheme = address[..<colon.lowerBound]
        if scheme == "http" { scheme = "https" }
        let rest = address[colon.upperBound...].prefix { $0 != "#" }
        let host = rest.prefix { $0 != "/" && $0 != "?" }
        let tail = rest.dropFirst(host.count)
        var path = tail.prefix { $0 != "?" }
        while path.last == "/" { path = path.dropLast() }
        let query = tail.drop { $0 != "?" }.dropFirst().split(separator: "&").filter {
            !$0.hasPrefix("utm_")
        }
        let end = query.isEmpty ? "" : "?" + query.joined(separator: "&")
        return "\(scheme)://\(host.lowercased())\(path)\(end)"
    }

    /// The host alone, as a name for what the address leads to.
    var shortName: String {
        guard let colon = address.range(of: "://") else { return address }
        let host = address[colon.upperBound...].prefix { $0 != "/" && $0 != "?" && $0 != "#" }
        return String(host.hasPrefix("www.") ? host.dropFirst(4) : host)
    }
}
