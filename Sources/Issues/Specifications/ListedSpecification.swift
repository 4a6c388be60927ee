import XML

/// One entry of the XSF's `xeplist.xml`.
struct ListedSpecification: Hashable, Sendable {
    /// What a specification is known by.
    enum Name: Hashable, Sendable {
        /// The digits of `XEP-0060`, without the zeros.
        case number(Int)
        /// A proposal has none yet, but a file in the inbox: `forums.html`.
        case proposal(String)
    }

    /// Its stage in life (XEP-0001 §4), as far as the newsletter tells of it.
    enum Status: String, Hashable, Sendable {
        case experimental, proposed, stable, active, final, deferred, deprecated, obsolete
        case rejected, retracted
        case unknown

        /// Reads the word of the list, where Stable is still called Draft.
        init(word: String) {
            let word = word.lowercased()
            self = word == "draft" ? .stable : Status(rawValue: word) ?? .unknown
        }
    }

    var name: Name
    var title: String
    var abstract: String
    var status: Status

    /// That of the last revision, as the others.
    var version: String
    var remark: String
    var initials: String

    /// When the call for comments ends or ended.
    var lastCall: IssueDate?

    /// Nil if it has neither number nor file, or no title.
    init?(_ entry: Element) {
        func text(_ name: String, in element: Element?) -> String {
            element?.child(name)?.text.joiningLines() ?? ""
        }
        if let number = Int(text("number", in: entry)), number > 0 {
            name = .number(number)
        } else {
            let file = text("proto-name", in: entry)
            guard !file.isEmpty, file.utf8.allSatisfy(Self.isFileNameByte) else { return nil }
            name = .proposal(file)
        }
        title = text("title", in: entry)
        guard !title.isEmpty else { return nil }
        let revision = entry.child("last-revision")
        abstract = text("abstract", in: entry)
        status = Status(word: text("status", in: entry))
        version = text("version", in: revision)
        remark = revision?.child("remark")?.text ?? ""
        initials = text("initials", in: revision)
        lastCall = IssueDate(text("lastcall", in: entry))
    }

    private static func isFileNameByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"),
            UInt8(ascii: "."), UInt8(ascii: "+"):
            true
        default: false
        }
    }
}

extension ListedSpecification.Name: CustomStringConvertible {
    /// `XEP-0060`, or the name of the proposal's file.
    var description: String {
        switch self {
        case .number(let number): "XEP-\(IssueDate.padded(number, to: 4))"
        case .proposal(let file): file
        }
    }
}

extension ListedSpecification.Name: Comparable {
    static func < (left: ListedSpecification.Name, right: ListedSpecification.Name) -> Bool {
        left.description < right.description
    }
}
