/// Addresses that stand in a text without being marked as links, as far as cmark's autolink
/// extension leaves them to us.
enum BareAddress {
    private static let scheme = "xmpp:"

    /// The text, its `xmpp:` addresses as links; those within `urn:xmpp:…` are none.
    static func pieces(
        in text: String,
        at place: SourcePlace,
        _ resolver: AddressResolver
    ) -> [BodyReader.Piece] {
        // Nearly no text has a colon with these letters before it, and searching is slow.
        guard text.utf8.contains(UInt8(ascii: ":")) else { return [.inline(.text(text))] }
        var pieces: [BodyReader.Piece] = []
        var rest = text[...]
        var searched = rest.startIndex
        while let range = rest[searched...].firstRange(of: scheme) {
            guard let end = end(ofAddressAt: range, in: rest),
                case .address(let address) = resolver.resolve(String(rest[range.lowerBound..<end]))
            else {
                searched = range.upperBound
                continue
            }
            if range.lowerBound > rest.startIndex {
                pieces.append(.inline(.text(String(rest[..<range.lowerBound]))))
            }
            let content = [Inline.text(String(rest[range.lowerBound..<end]))]
            let link = Link(target: .address(address), content: content, place: place)
            pieces.append(.inline(.link(link)))
            rest = rest[end...]
            searched = rest.startIndex
        }
        if !rest.isEmpty { pieces.append(.inline(.text(String(rest)))) }
        return pieces
    }

    /// Where the address ends: before a blank and before what ends a sentence.
    private static func end(
        ofAddressAt range: Range<String.Index>,
        in text: Substring
    ) -> String.Index? {
        if range.lowerBound > text.startIndex {
            let before = text[text.index(before: range.lowerBound)]
            guard !before.isLetter, !before.isNumber, !":-_/.".contains(before) else { return nil }
        }
        var address = text[range.upperBound...].prefix { !$0.isWhitespace && !"<>\"".contains($0) }
        while let last = address.last, ".,;:!?)]}'’*_".contains(last) {
            address = address.dropLast()
        }
        // What is no address of somebody (`xmpp:` as a word) is left alone.
        guard address.contains("@"), address.first != "@", address.last != "@" else { return nil }
        return address.endIndex
    }

    /// Whether a link was made of an address that we find ourselves: cmark ends those of rooms
    /// before `?join`.
    static func isOurs(_ address: String, _ content: String) -> Bool {
        address == content && address.hasPrefix(scheme) && address.contains("@")
    }

    /// Whether an address that was taken for somebody's mail is the end of `@user@host`, or of a
    /// longer address.
    static func isPartOfHandle(
        _ address: String,
        _ content: String,
        after previous: String?
    ) -> Bool {
        guard address == "mailto:" + content, let last = previous?.last else { return false }
        return "@/:".contains(last)
    }
}
