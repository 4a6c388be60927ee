import XMPP

/// Where a file of the archive lies, from its root: `2024/02/title/index.html`.
struct SitePath: Hashable, Sendable {
    /// Decoded; none is empty, `.` or `..`, and none holds a slash.
    let segments: [String]

    /// Nil if a segment could lead elsewhere or can't be a file's name.
    init?(_ segments: [String]) {
        guard !segments.isEmpty, segments.allSatisfy(Self.isSafe) else { return nil }
        self.segments = segments
    }

    /// A page at an address below `base`, percent-encoded; the index of a folder if it ends in `/`.
    init?(address: String, below base: String) {
        guard address.hasPrefix(base) else { return nil }
        let rest = address.dropFirst(base.count).prefix { $0 != "#" && $0 != "?" }
        let segments = rest.split(separator: "/").map { $0.percentDecoded }
        guard segments.allSatisfy({ $0 != nil }) else { return nil }
        let isFolder = rest.isEmpty || rest.hasSuffix("/")
        self.init(segments.compactMap { $0 } + (isFolder ? ["index.html"] : []))
    }

    /// A file of our own naming.
    init(known path: String) {
        segments = path.split(separator: "/").map(String.init)
    }

    private static func isSafe(_ segment: String) -> Bool {
        !segment.isEmpty && segment != "." && segment != ".." && segment.utf8.count <= 240
            && !segment.utf8.contains { $0 == UInt8(ascii: "/") || $0 < 0x20 || $0 == 0x7F }
    }

    var file: String { segments.joined(separator: "/") }

    /// The part of the address behind the root, percent-encoded; a folder for its index.
    var address: String {
        let isIndex = segments.last == "index.html"
        let shown = isIndex ? segments.dropLast() : segments[...]
        let path = shown.map { $0.percentEncoded() }.joined(separator: "/")
        return isIndex && !shown.isEmpty ? path + "/" : path
    }
}

extension StringProtocol {
    /// Nil where a `%` is not followed by two digits, or the bytes are no UTF-8.
    var percentDecoded: String? {
        var result: [UInt8] = []
        var bytes = Array(utf8)[...]
        while let byte = bytes.popFirst() {
            guard byte == UInt8(ascii: "%") else {
                result.append(byte)
                continue
            }
            guard
                let high = bytes.popFirst(), let low = bytes.popFirst(),
                let value = UInt8(String(decoding: [high, low], as: UTF8.self), radix: 16)
            else { return nil }
            result.append(value)
        }
        return String(validating: result, as: UTF8.self)
    }
}
