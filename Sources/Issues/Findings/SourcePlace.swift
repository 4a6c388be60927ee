/// A place in an issue's file.
public struct SourcePlace: Hashable, Sendable {
    /// From 1, the front matter counted.
    public var line: Int

    /// From 1, in Unicode scalars.
    public var column: Int

    public init(line: Int, column: Int) {
        self.line = line
        self.column = column
    }

    static let start = SourcePlace(line: 1, column: 1)
}

extension SourcePlace: Comparable {
    public static func < (left: SourcePlace, right: SourcePlace) -> Bool {
        (left.line, left.column) < (right.line, right.column)
    }
}
