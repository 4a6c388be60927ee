/// The text of an issue, by lines, with their numbers in the file.
struct BodySource {
    let bytes: [UInt8]

    /// The line of the file in which the text begins.
    let firstLine: Int

    /// Where each line begins in the bytes.
    private let lineStarts: [Int]

    /// How many characters come before each `stride` bytes: a column is asked for at every link,
    /// and lines can be long.
    private let checkpoints: [Int]
    private static let stride = 256

    init(_ text: String, firstLine: Int) {
        bytes = Array(text.utf8)
        self.firstLine = firstLine
        var starts = [0]
        var checkpoints: [Int] = []
        var scalars = 0
        for (index, byte) in bytes.enumerated() {
            if index.isMultiple(of: Self.stride) { checkpoints.append(scalars) }
            if byte & 0xC0 != 0x80 { scalars += 1 }
            if byte == UInt8(ascii: "\n") { starts.append(index + 1) }
        }
        lineStarts = starts
        self.checkpoints = checkpoints
    }

    var lineCount: Int { lineStarts.count }

    /// The bytes of a line, counted from 0, without its end.
    func line(_ number: Int) -> Range<Int> {
        let start = lineStarts[number]
        let next = number + 1 < lineStarts.count ? lineStarts[number + 1] - 1 : bytes.count
        return start..<next
    }

    /// The line, counted from 0, in which a byte stands.
    func line(ofByte offset: Int) -> Int {
        var low = 0
        var high = lineStarts.count
        while high - low > 1 {
            let middle = (low + high) / 2
            if lineStarts[middle] <= offset { low = middle } else { high = middle }
        }
        return low
    }

    /// The place in the file of a byte.
    func place(ofByte offset: Int) -> SourcePlace {
        let line = line(ofByte: offset)
        return place(line: line, byteColumn: offset - lineStarts[line])
    }

    /// The place in the file of a byte in a line, both counted from 0.
    func place(line: Int, byteColumn: Int) -> SourcePlace {
        guard lineStarts.indices.contains(line) else {
            return SourcePlace(line: firstLine + max(0, line), column: 1)
        }
        let start = lineStarts[line]
        let end = min(start + max(0, byteColumn), bytes.count)
        let column = scalars(before: end) - scalars(before: start) + 1
        return SourcePlace(line: firstLine + line, column: column)
    }

    /// The byte at a place in the file; nil if there is no such place in the text.
    func offset(of place: SourcePlace) -> Int? {
        let number = place.line - firstLine
        guard lineStarts.indices.contains(number) else { return nil }
        var column = 1
        for index in line(number) {
            guard bytes[index] & 0xC0 != 0x80 else { continue }
            if column == place.column { return index }
            column += 1
        }
        return nil
    }

    private func scalars(before offset: Int) -> Int {
        let checkpoint = offset / Self.stride
        guard checkpoint < checkpoints.count else { return UTF8Column.scalars(in: bytes) }
        let start = checkpoint * Self.stride
        return checkpoints[checkpoint] + UTF8Column.scalars(in: bytes[start..<offset])
    }
}
