import Localization

/// How two texts differ, for people who read it in a chat.
///
/// Lines that came or went stand behind `+` or `-`. Where a line was changed, only the words that
/// differ are shown, with a few around them: `~ … meets on [Monday → Tuesday] at the …`.
struct TextComparison: Hashable, Sendable {
    private static let mostLines = 30
    private static let longestLine = 200
    /// How many words stay around those that differ.
    private static let surroundings = 4

    let lines: [String]
    /// How many more there are.
    let rest: Int

    init(_ before: String, _ after: String) {
        var lines: [String] = []
        let paragraphs = { (text: String) in
            text.split(whereSeparator: \.isNewline).map(String.init)
        }
        for change in Self.changes(from: paragraphs(before), to: paragraphs(after)) {
            let pairs = min(change.removed.count, change.added.count)
            for index in 0..<max(change.removed.count, change.added.count) {
                if index < pairs,
                    let line = Self.words(of: change.removed[index], change.added[index])
                {
                    lines.append(line)
                    continue
                }
                if index < change.removed.count {
                    lines.append("- " + Self.shortened(change.removed[index]))
                }
                if index < change.added.count {
                    lines.append("+ " + Self.shortened(change.added[index]))
                }
            }
        }
        self.lines = Array(lines.prefix(Self.mostLines))
        rest = lines.count - self.lines.count
    }

    // MARK: -

    /// What stands in the one place where the other had something else.
    private struct Change {
        /// Where it stands in the new text.
        var place: Int
        var removed: [String] = []
        var added: [String] = []
    }

    private static func changes(from old: [String], to new: [String]) -> [Change] {
        let difference = new.difference(from: old)
        let gone = Set(difference.removals.map(\.offset))
        let come = Set(difference.insertions.map(\.offset))
        var changes: [Change] = []
        var open: Change?
        var (left, right) = (0, 0)
        while left < old.count || right < new.count {
            if gone.contains(left) {
                open = open ?? Change(place: right)
                open?.removed.append(old[left])
                left += 1
            } else if come.contains(right) {
                open = open ?? Change(place: right)
                open?.added.append(new[right])
                right += 1
            } else {
                if let done = open { changes.append(done) }
                open = nil
                left += 1
                right += 1
            }
        }
        if let done = open { changes.append(done) }
        return changes
    }

    /// The words that differ; nil if the lines have too little in common for that to be readable.
    private static func words(of old: String, _ new: String) -> String? {
        let before = old.split(separator: " ").map(String.init)
        let after = new.split(separator: " ").map(String.init)
        let changes = changes(from: before, to: after)
        let different = changes.reduce(0) { $0 + max($1.removed.count, $1.added.count) }
        guard !changes.isEmpty, different * 2 <= max(before.count, after.count) else { return nil }
        var parts: [String] = []
        var shown = 0
        for change in changes {
            let start = max(shown, change.place - surroundings)
            if start > shown { parts.append("…") }
            parts += after[start..<change.place]
            parts.append(bracket(change))
            let end = change.place + change.added.count
            shown = min(after.count, end + surroundings)
            let next = changes.first { $0.place > change.place }?.place ?? after.count
            shown = min(shown, next)
            parts += after[end..<shown]
        }
        if shown < after.count { parts.append("…") }
        return "~ " + parts.joined(separator: " ")
    }

    private static func bracket(_ change: Change) -> String {
        let (old, new) = (
            change.removed.joined(separator: " "), change.added.joined(separator: " ")
        )
        if old.isEmpty { return "[+ \(new)]" }
        return new.isEmpty ? "[- \(old)]" : "[\(old) → \(new)]"
    }

    private static func shortened(_ line: String) -> String {
        line.count > longestLine ? line.prefix(longestLine) + "…" : line
    }
}

extension CollectionDifference<String>.Change {
    fileprivate var offset: Int {
        switch self {
        case .insert(let offset, _, _), .remove(let offset, _, _): offset
        }
    }
}
