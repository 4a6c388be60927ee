/// An address cut into its parts (RFC 3986 §3); relative ones lack the first.
struct AddressReference: Hashable {
    var scheme: String?
    var authority: String?
    var path: String
    var query: String?
    var fragment: String?

    init(_ text: String) {
        var rest = text[...]
        fragment = Self.cutOff(after: "#", from: &rest)
        query = Self.cutOff(after: "?", from: &rest)
        if let colon = rest.unicodeScalars.firstIndex(of: ":"), Self.isScheme(rest[..<colon]) {
            scheme = rest[..<colon].lowercased()
            rest = rest[rest.unicodeScalars.index(after: colon)...]
        }
        if rest.hasPrefix("//") {
            let after = rest.dropFirst(2)
            let end = after.unicodeScalars.firstIndex(of: "/") ?? after.endIndex
            authority = String(after[..<end])
            rest = after[end...]
        }
        path = String(rest)
    }

    /// What follows the first such sign, which ends what is left; nil if there is none.
    private static func cutOff(after sign: Unicode.Scalar, from rest: inout Substring) -> String? {
        guard let place = rest.unicodeScalars.firstIndex(of: sign) else { return nil }
        defer { rest = rest[..<place] }
        return String(rest[rest.unicodeScalars.index(after: place)...])
    }

    private static func isScheme(_ text: Substring) -> Bool {
        let letters = UInt8(ascii: "a")...UInt8(ascii: "z")
        guard let first = text.utf8.first, letters.contains(first | 0x20) else { return false }
        return text.utf8.allSatisfy { byte in
            letters.contains(byte | 0x20) || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
                || "+-.".utf8.contains(byte)
        }
    }

    /// The address this one means on the page `base` (RFC 3986 §5.2.2).
    func resolved(against base: AddressReference) -> AddressReference {
        guard scheme == nil else { return self }
        var result = self
        result.scheme = base.scheme
        guard authority == nil else { return result }
        result.authority = base.authority
        if path.isEmpty {
            result.path = base.path
            result.query = query ?? base.query
        } else if !path.hasPrefix("/") {
            let directory = base.path.lastIndex(of: "/").map { base.path[...$0] } ?? "/"
            result.path = Self.removingDots(directory + path)
        } else {
            result.path = Self.removingDots(path)
        }
        return result
    }

    /// The path without `.` and `..` (RFC 3986 §5.2.4).
    private static func removingDots(_ path: String) -> String {
        var segments: [Substring] = []
        let all = path.split(separator: "/", omittingEmptySubsequences: false).dropFirst()
        for segment in all where segment != "." {
            if segment == ".." {
                _ = segments.popLast()
            } else {
                segments.append(segment)
            }
        }
        if let last = all.last, last == "." || last == ".." { segments.append("") }
        return "/" + segments.joined(separator: "/")
    }
}

extension AddressReference: CustomStringConvertible {
    var description: String {
        (scheme.map { $0 + ":" } ?? "") + (authority.map { "//" + $0 } ?? "") + path
            + (query.map { "?" + $0 } ?? "") + (fragment.map { "#" + $0 } ?? "")
    }
}
