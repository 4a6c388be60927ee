/// A change of an issue's text that makes a finding go away.
struct SourceEdit: Hashable, Sendable {
    /// The bytes of the body that are replaced; none if something is put in.
    var range: Range<Int>
    var replacement: String
}

extension [SourceEdit] {
    /// The bytes with the edits made; of two that overlap only the first counts.
    func applied(to bytes: [UInt8]) -> [UInt8] {
        let sorted = sorted {
            ($0.range.lowerBound, $0.range.upperBound) < ($1.range.lowerBound, $1.range.upperBound)
        }
        var result: [UInt8] = []
        var position = 0
        for edit in sorted
        where edit.range.lowerBound >= position && edit.range.upperBound <= bytes.count {
            result += bytes[position..<edit.range.lowerBound]
            result += Array<UInt8>(edit.replacement.utf8)
            position = edit.range.upperBound
        }
        return result + bytes[position...]
    }
}
