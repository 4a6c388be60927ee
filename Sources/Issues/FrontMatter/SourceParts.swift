/// An issue's file, cut at the lines of dashes around its front matter.
struct SourceParts {
    /// The front matter, without the lines of dashes; it begins in line 2.
    let frontMatter: String

    /// The text after the front matter.
    let body: String

    /// The line of the file in which the body begins.
    let bodyLine: Int

    /// Nil if there is no front matter, which is then in the log.
    init?(_ text: String, log: inout FindingLog) {
        // Not `Character`s: to those, "\r\n" and a letter with its accents are one.
        let lines = text.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        guard let first = lines.first, Self.isFence(first) else {
            log.error(
                .frontMatterMissing,
                at: .start,
                "The file does not begin with front matter. Put a line '---' first, then 'title:' "
                    + "and 'date:', then '---' again."
            )
            return nil
        }
        guard let end = lines.dropFirst().firstIndex(where: Self.isFence) else {
            log.error(
                .frontMatterUnclosed,
                at: .start,
                "The front matter never ends. Put a line '---' between it and the text."
            )
            return nil
        }
        frontMatter = Self.text(of: lines[1..<end])
        body = Self.text(of: lines[(end + 1)...])
        bodyLine = end + 2
    }

    private static func isFence(_ line: Substring.UTF8View) -> Bool {
        line.starts(with: "---".utf8)
            && line.dropFirst(3).allSatisfy {
                [UInt8(ascii: " "), UInt8(ascii: "\t")].contains($0)
            }
    }

    private static func text(of lines: ArraySlice<Substring.UTF8View>) -> String {
        lines.map { String(Substring($0)) }.joined(separator: "\n")
    }
}
