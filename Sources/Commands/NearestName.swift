/// Finds what somebody meant by a name that does not exist.
public enum NearestName {
    /// Words longer than this are not compared; strangers must not make us work.
    private static let longestWord = 64

    /// The candidate most like the word, or nil if none is like it; the first of equals.
    ///
    /// Alike is one slip in up to five letters, two in up to eight and so on, or a beginning of at
    /// least two letters that only one candidate has. Capitals do not matter.
    public static func to(
        _ word: String,
        among candidates: some Sequence<String>
    ) -> String? {
        let word = word.lowercased()
        guard !word.isEmpty, word.count <= longestWord else { return nil }
        let candidates = candidates.filter { $0.count <= longestWord }
        let best =
            candidates
            .map { (name: $0, slips: slips(between: word, and: $0.lowercased())) }
            .min { $0.slips < $1.slips }
        if let best, best.slips <= tolerance(for: word) { return best.name }
        let completions = candidates.filter { $0.lowercased().hasPrefix(word) }
        return word.count >= 2 && completions.count == 1 ? completions[0] : nil
    }

    private static func tolerance(for word: String) -> Int {
        word.count < 3 ? 0 : (word.count + 1) / 3
    }

    /// The fewest letters to add, drop, change or swap with a neighbour to make one of the other.
    ///
    /// This is the optimal string alignment distance: no place is edited twice.
    static func slips(between left: String, and right: String) -> Int {
        let left = Array(left)
        let right = Array(right)
        var beforeLast: [Int] = []
        var last = Array(0...right.count)
        for row in left.indices {
            var current = [row + 1]
            for column in right.indices {
                let isSame = left[row] == right[column]
                var least = min(
                    last[column] + (isSame ? 0 : 1),
                    last[column + 1] + 1,
                    current[column] + 1
                )
                let isSwap =
                    row > 0 && column > 0 && left[row] == right[column - 1]
                    && left[row - 1] == right[column]
                if isSwap { least = min(least, beforeLast[column - 1] + 1) }
                current.append(least)
            }
            (beforeLast, last) = (last, current)
        }
        return last[right.count]
    }
}
