import Daemon

/// Rows under headings, each column as wide as its widest cell; numbers stand on the right.
struct TextTable {
    let headings: [String]
    let rows: [[String]]

    var lines: [String] {
        let all = [headings] + rows.map { $0.map(TerminalText.oneLine) }
        let columns = headings.indices
        let widths = columns.map { column in all.map { $0[column].count }.max() ?? 0 }
        let areNumbers = columns.map { column in rows.allSatisfy { Int($0[column]) != nil } }
        return all.map { row in
            let cells = columns.map { column in
                let gap = String(repeating: " ", count: widths[column] - row[column].count)
                return areNumbers[column] ? gap + row[column] : row[column] + gap
            }
            var line = cells.joined(separator: "  ")
            while line.last == " " { line.removeLast() }
            return line
        }
    }
}
