/// How far two words are apart.
public enum EditDistance {
    /// The work grows with the product of the lengths, and strangers must not make us work.
    static let longestWord = 120

    /// The fewest letters to add, drop, change or swap with a neighbour to make one of the other.
    ///
    /// Capitals do not matter. This is the optimal string alignment distance: no place is edited
    /// twice. Only the first 120 letters are looked at.
    public static func between(_ left: String, _ right: String) -> Int {
        let left = Array(left.lowercased().prefix(longestWord))
        let right = Array(right.lowercased().prefix(longestWord))
        var beforeLast: [Int] = []
        var last = Array(0...right.count)
        for row in left.indices {
            var current = [row + 1]
            current.reserveCapacity(right.count + 1)
            for column in right.indices {
                let isSame = left[row] == right[column]
                var least = min(last[column + 1], current[column]) + 1
                least = min(least, last[column] + (isSame ? 0 : 1))
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
