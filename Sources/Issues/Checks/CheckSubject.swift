/// An issue under examination: what it says, and how its file says it.
struct CheckSubject {
    let issue: NewsletterIssue
    let file: CheckFile
    let taxonomy: Taxonomy?
    let source: BodySource
    let text: MaskedText
    let index: BodyIndex

    /// Where the title stands in the front matter.
    let titlePlace: SourcePlace

    init(_ file: CheckFile, in context: IssueContext) throws(IssueError) {
        issue = try NewsletterIssue.parse(file.bytes, fileName: file.name, in: context)
        self.file = file
        taxonomy = context.taxonomy
        // What is wrong with the text was found by parsing already.
        var log = FindingLog(file: file.path)
        let parts = SourceText.decode(file.bytes, log: &log).flatMap { SourceParts($0, log: &log) }
        source = BodySource(parts?.body ?? "", firstLine: parts?.bodyLine ?? 1)
        text = MaskedText(source)
        index = BodyIndex(issue.body)
        let lines = parts?.frontMatter.split(separator: "\n", omittingEmptySubsequences: false)
        let titleLine = lines?.firstIndex { $0.hasPrefix("title") }
        titlePlace = SourcePlace(line: (titleLine ?? -1) + 2, column: 1)
    }

    /// The numbers of the specifications the text names, such as `0384`.
    var specifications: Set<String> {
        Specification.numbers(in: String(decoding: source.bytes, as: UTF8.self))
    }
}

/// How texts name XMPP's extension protocols.
enum Specification {
    /// The four digits behind each `XEP-`, in whatever case, in addresses too.
    static func numbers(in text: String) -> Set<String> {
        let bytes = Array(text.utf8)
        var numbers: Set<String> = []
        var index = 0
        while index + 8 <= bytes.count {
            defer { index += 1 }
            guard bytes[index] | 0x20 == UInt8(ascii: "x"),
                bytes[index + 1] | 0x20 == UInt8(ascii: "e"),
                bytes[index + 2] | 0x20 == UInt8(ascii: "p"),
                bytes[index + 3] == UInt8(ascii: "-")
            else { continue }
            let digits = bytes[(index + 4)..<(index + 8)]
            guard digits.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) })
            else { continue }
            numbers.insert(String(decoding: digits, as: UTF8.self))
        }
        return numbers
    }
}
