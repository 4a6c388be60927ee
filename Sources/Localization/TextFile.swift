/// Texts by their keys, as a file that translators edit has them.
///
/// A line is `key = text`; one that begins with `#` is a remark. A later line of a key counts.
public struct TextFile: Hashable, Sendable {
    public private(set) var texts: [String: String] = [:]

    /// Reads the file.
    ///
    /// - Parameters:
    ///   - content: All its lines.
    ///   - keys: Those there are; a line of another is a mistake. Nil for any.
    /// - Throws: ``TextFileError``, for the first line that is no key and text.
    public init(_ content: String, knowing keys: Set<String>? = nil) throws(TextFileError) {
        let lines = content.split(
            omittingEmptySubsequences: false,
            whereSeparator: \.isNewline
        )
        for (index, line) in lines.enumerated() {
            let line = Self.trimmed(line)
            guard !line.isEmpty, !line.hasPrefix("#") else { continue }
            guard let sign = line.firstIndex(of: "=") else {
                throw TextFileError(line: index + 1, flaw: .noKey)
            }
            let key = String(Self.trimmed(line[..<sign]))
            guard keys?.contains(key) ?? true else {
                throw TextFileError(line: index + 1, flaw: .unknownKey(key))
            }
            texts[key] = String(Self.trimmed(line[line.index(after: sign)...]))
        }
    }

    /// The language a file is named for, in lower case: `texts.pt-br.txt`; nil for other files.
    public static func language(ofFile name: String) -> String? {
        let parts = name.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 3, parts[0] == "texts", parts[2] == "txt", !parts[1].isEmpty else {
            return nil
        }
        return parts[1].lowercased()
    }

    private static func trimmed(_ text: Substring) -> Substring {
        var text = text.drop { $0.isWhitespace }
        while text.last?.isWhitespace == true { text.removeLast() }
        return text
    }
}

/// What is wrong in a file of texts, and in which line, from 1.
public struct TextFileError: Error, Hashable, Sendable {
    public enum Flaw: Hashable, Sendable {
        case noKey
        case unknownKey(String)
    }

    public let line: Int
    public let flaw: Flaw
}
