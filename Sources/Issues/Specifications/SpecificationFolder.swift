import Foundation

/// A folder of copies of `xeplist.xml`, each named for the day it was fetched: `2026-10-01.xml`.
public struct SpecificationFolder: Hashable, Sendable {
    public let path: String

    public init(path: String) {
        self.path = path
    }

    /// The names of the copies, in order; only files that lie there themselves.
    public func names() throws(SpecificationFolderError) -> [String] {
        let folder = URL(filePath: path)
        do {
            return try FileManager.default.contentsOfDirectory(
                at: folder,
                includingPropertiesForKeys: [.isRegularFileKey],
                options: .skipsHiddenFiles
            )
            .filter { try $0.resourceValues(forKeys: [.isRegularFileKey]).isRegularFile == true }
            .map(\.lastPathComponent).filter { $0.hasSuffix(".xml") }.sorted()
        } catch {
            throw .unreadable(path, reason: error.localizedDescription)
        }
    }

    /// Compares the copies that two names stand for, or the newest two.
    ///
    /// A name is a file's, or the beginning of exactly one.
    ///
    /// - Throws: ``SpecificationFolderError``, ``SpecificationListError`` or
    ///   ``SpecificationChangesError``.
    public func changes(from old: String?, to new: String?) throws -> Comparison {
        let names = try names()
        let newest: String
        if let new {
            newest = try Self.choose(new, among: names)
        } else {
            guard let last = names.last else { throw SpecificationFolderError.tooFew(path, names) }
            newest = last
        }
        let oldest: String
        if let old {
            oldest = try Self.choose(old, among: names)
        } else {
            guard let last = names.last(where: { $0 < newest }) else {
                throw SpecificationFolderError.tooFew(path, names)
            }
            oldest = last
        }
        return Comparison(
            old: oldest,
            new: newest,
            changes: try SpecificationChanges(from: copy(oldest), to: copy(newest))
        )
    }

    /// Two copies, and what became of the specifications between them.
    public struct Comparison: Hashable, Sendable {
        public let old: String
        public let new: String
        public let changes: SpecificationChanges
    }

    private func copy(_ name: String) throws(SpecificationListError) -> SpecificationCopy {
        try SpecificationCopy(file: URL(filePath: path).appending(path: name))
    }

    private static func choose(
        _ name: String,
        among names: [String]
    ) throws(SpecificationFolderError) -> String {
        if names.contains(name) { return name }
        let candidates = name.isEmpty ? [] : names.filter { $0.hasPrefix(name) }
        guard let choice = candidates.first else { throw .unknown(name, known: names) }
        guard candidates.count == 1 else { throw .ambiguous(name, candidates: candidates) }
        return choice
    }
}

/// Why a folder does not give two copies to compare.
public enum SpecificationFolderError: Error, Hashable, Sendable, CustomStringConvertible {
    case unreadable(String, reason: String)
    case tooFew(String, [String])
    case unknown(String, known: [String])
    case ambiguous(String, candidates: [String])

    public var description: String {
        switch self {
        case .unreadable(let path, let reason):
            "The folder of specification lists '\(path)' can't be read: \(reason)"
        case .tooFew(let path, let names):
            "Two copies of xeplist.xml are needed in \(path), named for their days as in "
                + "2026-10-01.xml; there is \(names.isEmpty ? "none" : names.joined(separator: ", "))."
        case .unknown(let name, let known):
            "There is no copy '\(name)'; there are: \(known.suffix(5).joined(separator: ", "))."
        case .ambiguous(let name, let candidates):
            "'\(name)' could be \(candidates.suffix(5).joined(separator: " or ")); say which."
        }
    }
}
