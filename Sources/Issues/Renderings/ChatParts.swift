/// A chat text cut into messages, where one would be too large.
public struct ChatParts: Hashable, Sendable {
    /// In their order; each but a single one begins with the title and its number.
    public let texts: [String]

    /// The shortest limit that makes sense: below it, little more than the title would fit.
    public static let smallestLimit = 500

    /// What a delivery can number; a text that needs more of that size gets larger ones.
    public static let most = 250

    /// Cuts a text whose first line is its title.
    ///
    /// A part ends between two paragraphs if it can, else between lines, words, or characters as
    /// people see them. Code that is cut is closed and opened again.
    ///
    /// - Parameters:
    ///   - text: What `NewsletterIssue.chatText` gives.
    ///   - limit: The largest message, in bytes of UTF-8, at least ``smallestLimit``.
    public init(_ text: String, limit: Int) {
        let limit = max(limit, Self.smallestLimit)
        guard text.utf8.count > limit else {
            texts = [text]
            return
        }
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        let title = String(lines.first ?? "").shortened(toBytes: 200)
        // Behind the title come " (12/34)" and an empty line; a fence may be added at either end.
        var room = limit - title.utf8.count - 24
        var parts: [String]
        repeat {
            var cutter = Cutter(room: room)
            for line in lines.dropFirst().drop(while: \.isEmpty) { cutter.add(line) }
            parts = cutter.finished()
            room *= 2
        } while parts.count > Self.most
        texts = parts.enumerated().map { index, part in
            "\(title) (\(index + 1)/\(parts.count))\n\n\(part)"
        }
    }
}

/// Fills parts line by line.
private struct Cutter {
    let room: Int
    private var parts: [String] = []
    private var lines: [Substring] = []
    private var size = 0

    /// Whether what comes next is within a fence.
    private var isCode = false

    /// How many of the lines are those up to the last empty one that is in no fence.
    private var paragraphEnd: Int?

    /// With a fence around it, such a line is still a part.
    private var longestLine: Int { room - 8 }

    init(room: Int) {
        self.room = room
    }

    mutating func add(_ line: Substring) {
        var rest = line
        while rest.utf8.count > longestLine {
            let piece = rest.piece(ofBytes: longestLine)
            append(piece)
            rest = rest[piece.endIndex...].drop { $0 == " " }
        }
        append(rest)
    }

    mutating func finished() -> [String] {
        end(lines.count)
        return parts
    }

    private mutating func append(_ line: Substring) {
        while size + line.utf8.count + 1 > room, !lines.isEmpty {
            // Half-empty parts are worse than a cut between two lines of one paragraph.
            let cut = paragraphEnd.map { $0 * 2 > lines.count ? $0 : lines.count } ?? lines.count
            end(cut)
        }
        if line.hasPrefix("```") { isCode.toggle() }
        lines.append(line)
        size += line.utf8.count + 1
        if line.isEmpty, !isCode { paragraphEnd = lines.count }
    }

    /// Ends a part before a line.
    private mutating func end(_ cut: Int) {
        let isCut = lines[..<cut].count { $0.hasPrefix("```") } % 2 == 1
        var text = lines[..<cut].joined(separator: "\n")
        while text.hasSuffix("\n") { text.removeLast() }
        if !text.isEmpty { parts.append(isCut ? text + "\n```" : text) }
        lines = (isCut ? ["```"] : []) + lines[cut...].drop(while: \.isEmpty)
        size = lines.reduce(0) { $0 + $1.utf8.count + 1 }
        paragraphEnd = nil
    }
}

extension Substring {
    /// The beginning that has at most so many bytes, up to the last blank if there is one.
    ///
    /// It ends between characters as people see them, unless the first of them is too large already.
    fileprivate func piece(ofBytes room: Int) -> Substring {
        var end = startIndex
        var blank: Index?
        var size = 0
        for index in indices {
            let character = self[index]
            size += character.utf8.count
            guard size <= room else { break }
            if character == " " { blank = index }
            end = self.index(after: index)
        }
        if end == startIndex { end = endOfScalars(ofBytes: room) }
        guard let blank, blank > startIndex else { return self[..<end] }
        return self[..<blank]
    }
}

extension Substring {
    private func endOfScalars(ofBytes room: Int) -> Index {
        var size = 0
        return unicodeScalars.indices.first { index in
            size += unicodeScalars[index].utf8.count
            return size > room
        } ?? endIndex
    }
}

extension String {
    fileprivate func shortened(toBytes limit: Int) -> String {
        guard utf8.count > limit else { return self }
        return String(self[...].piece(ofBytes: limit)) + "…"
    }
}
