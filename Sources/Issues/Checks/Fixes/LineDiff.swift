/// The difference of two texts by lines.
struct LineDiff {
    private enum Line: Hashable {
        case same(Substring)
        case removed(Substring)
        case added(Substring)

        var isChange: Bool {
            if case .same = self { false } else { true }
        }
    }

    private let lines: [Line]

    /// How many lines that are the same are shown around those that are not.
    private static let context = 2

    init(_ before: String, _ after: String) {
        let old = before.split(separator: "\n", omittingEmptySubsequences: false)
        let new = after.split(separator: "\n", omittingEmptySubsequences: false)
        let difference = new.difference(from: old)
        var removed: Set<Int> = []
        var added: Set<Int> = []
        for change in difference {
            switch change {
            case .remove(let offset, _, _): removed.insert(offset)
            case .insert(let offset, _, _): added.insert(offset)
            }
        }
        var lines: [Line] = []
        var (left, right) = (0, 0)
        while left < old.count || right < new.count {
            if left < old.count, removed.contains(left) {
                lines.append(.removed(old[left]))
                left += 1
            } else if right < new.count, added.contains(right) {
                lines.append(.added(new[right]))
                right += 1
            } else {
                lines.append(.same(new[right]))
                left += 1
                right += 1
            }
        }
        self.lines = lines
    }

    /// As `diff -u` writes it; empty if the texts are the same.
    func unified(path: String) -> String {
        var result = ""
        var (left, right) = (1, 1)
        var index = 0
        while index < lines.count {
            guard let hunk = hunk(from: index) else { break }
            for line in lines[index..<hunk.lowerBound] { Self.count(line, &left, &right) }
            let (oldStart, newStart) = (left, right)
            for line in lines[hunk] { Self.count(line, &left, &right) }
            let old = "\(oldStart),\(left - oldStart)"
            let new = "\(newStart),\(right - newStart)"
            result += "@@ -\(old) +\(new) @@\n" + lines[hunk].map(Self.text).joined()
            index = hunk.upperBound
        }
        return result.isEmpty ? "" : "--- \(path)\n+++ \(path)\n" + result
    }

    /// The next changes that are near each other, with what is around them.
    private func hunk(from start: Int) -> Range<Int>? {
        guard let first = lines[start...].firstIndex(where: \.isChange) else { return nil }
        var last = first
        while let next = lines[(last + 1)...].firstIndex(where: \.isChange),
            next - last <= Self.context * 2 + 1
        {
            last = next
        }
        return max(start, first - Self.context)..<min(lines.count, last + 1 + Self.context)
    }

    private static func count(_ line: Line, _ left: inout Int, _ right: inout Int) {
        switch line {
        case .same:
            left += 1
            right += 1
        case .removed: left += 1
        case .added: right += 1
        }
    }

    private static func text(_ line: Line) -> String {
        switch line {
        case .same(let text): " \(text)\n"
        case .removed(let text): "-\(text)\n"
        case .added(let text): "+\(text)\n"
        }
    }
}
