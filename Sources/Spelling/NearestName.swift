/// Finds what somebody meant by a name that does not exist.
public enum NearestName {
    /// How unlike a candidate may be and still be suggested.
    public enum Tolerance: Sendable {
        /// One slip in up to five letters, two in up to eight and so on: for what will be typed.
        case slips
        /// Half of the letters: for names that people make up from a title, such as a heading's id.
        case half

        func letters(in word: String) -> Int {
            switch self {
            case .slips: word.count < 3 ? 0 : (word.count + 1) / 3
            case .half: max(2, word.count / 2)
            }
        }
    }

    /// The candidate most like the word, or nil if none is like it; the first of equals.
    ///
    /// A beginning of at least two letters that only one candidate has is like it as well. Capitals
    /// do not matter.
    public static func to(
        _ word: String,
        among candidates: some Sequence<String>,
        tolerance: Tolerance = .slips
    ) -> String? {
        guard !word.isEmpty, word.count <= EditDistance.longestWord else { return nil }
        let candidates = candidates.filter { $0.count <= EditDistance.longestWord }
        let best =
            candidates
            .map { (name: $0, letters: EditDistance.between($0, word)) }
            .min { $0.letters < $1.letters }
        if let best, best.letters <= tolerance.letters(in: word) { return best.name }
        let beginning = word.lowercased()
        let completions = candidates.filter { $0.lowercased().hasPrefix(beginning) }
        return word.count >= 2 && completions.count == 1 ? completions[0] : nil
    }
}
