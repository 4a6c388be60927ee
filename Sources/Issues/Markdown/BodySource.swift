/// The text of an issue, by lines, with their numbers in the file.
struct BodySource {
    let bytes: [UInt8]

    /// The line of the file in which the text begins.
    let firstLine: Int

    /// Where each line begins in the bytes.
    private let lineStarts: [Int]

    init(_ text: String, firstLine: Int) {
        bytes = Array(text.utf8)
        self.firstLine = firstLine
        var starts = [0]
        for (index, byte) in bytes.enumerated() where byte == UInt8(ascii: "\n") {
            starts.append(index + 1)
        }
        lineStarts = starts
    }

    var lineCount: Int { lineStarts.count }

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
        let column = UTF8Column.scalars(in: bytes[start..<end]) + 1
        return SourcePlace(line: firstLine + line, column: column)
    }
}
