public import Foundation
import XML

/// The XSF's `xeplist.xml` as it stood on the day when somebody fetched it.
public struct SpecificationCopy: Hashable, Sendable {
    let specifications: [ListedSpecification.Name: ListedSpecification]

    /// The list is far smaller; what is larger is something else.
    static let maximumFileSize = 16 * 1024 * 1024

    /// Reads a copy; what has neither number nor title is passed over.
    ///
    /// - Throws: ``SpecificationListError``, also if there is nothing in it.
    public init(file: URL) throws(SpecificationListError) {
        let path = file.path(percentEncoded: false)
        let content: Data
        do {
            let handle = try FileHandle(forReadingFrom: file)
            content = try handle.read(upToCount: Self.maximumFileSize + 1) ?? Data()
        } catch {
            let reason = error.localizedDescription
            throw .file(path, reason: reason.hasSuffix(".") ? String(reason.dropLast()) : reason)
        }
        guard content.count <= Self.maximumFileSize else {
            throw .content(path, reason: "it has more than \(Self.maximumFileSize) bytes.")
        }
        do {
            try self.init(xml: String(decoding: content, as: UTF8.self))
        } catch {
            throw .content(path, reason: "\(error)")
        }
        guard !specifications.isEmpty else {
            throw .content(path, reason: "there is no specification in it.")
        }
    }

    init(xml text: String) throws {
        // What comes before the first element is not for a parser of stanzas.
        let start = text.range(of: "<xep-infos")?.lowerBound ?? text.startIndex
        let root = try Element(xml: String(text[start...]))
        let entries = root.children("xep").compactMap(ListedSpecification.init)
        specifications = Dictionary(entries.map { ($0.name, $0) }, uniquingKeysWith: { $1 })
    }
}
