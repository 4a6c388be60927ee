public import Foundation
import XML

/// The specifications there are, as the XSF's `xeplist.xml` has them.
public struct SpecificationList: Hashable, Sendable {
    /// By their four digits, such as `0384`.
    public let titles: [String: String]

    public init(titles: [String: String]) {
        self.titles = titles
    }

    /// Reads a copy of `xeplist.xml`; proposals, which have no number yet, are passed over.
    public init(file: URL) throws(SpecificationListError) {
        let path = file.path(percentEncoded: false)
        let text: String
        do {
            text = try String(contentsOf: file, encoding: .utf8)
        } catch {
            throw .file(path, reason: error.localizedDescription)
        }
        do {
            try self.init(xml: text)
        } catch {
            throw .content(path, reason: "\(error)")
        }
    }

    init(xml text: String) throws {
        // What comes before the first element is not for a parser of stanzas.
        let start = text.range(of: "<xep-infos")?.lowerBound ?? text.startIndex
        let root = try Element(xml: String(text[start...]))
        var titles: [String: String] = [:]
        for entry in root.children("xep") {
            guard let number = entry.child("number").flatMap({ Int($0.text) }), number > 0,
                let title = entry.child("title")?.text.joiningLines(), !title.isEmpty
            else { continue }
            titles[IssueDate.padded(number, to: 4)] = title
        }
        self.init(titles: titles)
    }
}

/// Why a file tells of no specifications.
public enum SpecificationListError: Error, Hashable, Sendable, CustomStringConvertible {
    case file(String, reason: String)
    case content(String, reason: String)

    public var description: String {
        switch self {
        case .file(let path, let reason):
            "The list of specifications '\(path)' can't be read: \(reason)."
        case .content(let path, let reason):
            "'\(path)' is no list of specifications such as xeplist.xml: \(reason)"
        }
    }
}
