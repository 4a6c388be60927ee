import Spelling

/// The issues of a newsletter and the languages each is there in.
public struct IssueCatalog: Hashable, Sendable {
    /// One issue with its files.
    public struct Entry: Hashable, Sendable {
        public let id: IssueID

        /// The file of each language.
        public internal(set) var files: [String: IssueFileName]

        /// Files that claim a language another file has already: `x.en.md` beside `x.md` where
        /// English is the default.
        public internal(set) var surplus: [IssueFileName]

        /// The languages the issue is there in, sorted.
        public var languages: [String] { files.keys.sorted() }
    }

    /// Sorted by id.
    public let entries: [Entry]

    public init(_ names: some Sequence<IssueFileName>, defaultLanguage: String) {
        var entries: [IssueID: Entry] = [:]
        // The file without suffix sorts first, so that it is the one that counts.
        let sorted = names.sorted {
            ($0.language ?? "", $0.rawValue) < ($1.language ?? "", $1.rawValue)
        }
        for name in sorted {
            let language = name.language ?? defaultLanguage.lowercased()
            var entry = entries[name.issue] ?? Entry(id: name.issue, files: [:], surplus: [])
            if entry.files[language] == nil {
                entry.files[language] = name
            } else {
                entry.surplus.append(name)
            }
            entries[name.issue] = entry
        }
        self.entries = entries.values.sorted { $0.id < $1.id }
    }

    public subscript(id: IssueID) -> Entry? {
        entries.first { $0.id == id }
    }

    /// The issue that a person means by `name`.
    ///
    /// A name is an id, a file's name, the beginning of exactly one id, `latest` (the last one that
    /// is not dated after today) or `next` (the first one that is).
    public func resolve(_ name: String, today: IssueDate) throws(IssueNameError) -> IssueID {
        guard !entries.isEmpty else { throw .none }
        if let entry = self[IssueID(rawValue: name)] { return entry.id }
        switch name.lowercased() {
        case "latest": return try latest(today)
        case "next": return try next(today)
        default: break
        }
        if let file = IssueFileName(name), let entry = self[file.issue] { return entry.id }
        let candidates =
            name.isEmpty ? [] : entries.map(\.id).filter { $0.rawValue.hasPrefix(name) }
        guard candidates.count <= 1 else { throw .ambiguous(name, candidates: candidates) }
        guard let id = candidates.first else { throw .noMatch(name, nearest: nearest(to: name)) }
        return id
    }

    private func latest(_ today: IssueDate) throws(IssueNameError) -> IssueID {
        let past = entries.last { entry in entry.id.date.map { $0 <= today } ?? true }
        guard let past else { throw .noLatest }
        return past.id
    }

    private func next(_ today: IssueDate) throws(IssueNameError) -> IssueID {
        let future = entries.first { entry in entry.id.date.map { $0 > today } ?? false }
        guard let future else { throw .noNext }
        return future.id
    }

    /// The three ids whose beginnings are most like the name, the latest of equals first.
    private func nearest(to name: String) -> [IssueID] {
        let distances = entries.reversed().map { entry in
            let beginning = String(entry.id.rawValue.prefix(name.count))
            return (entry.id, distance: EditDistance.between(beginning, name))
        }
        let indices = distances.indices.sorted {
            (distances[$0].distance, $0) < (distances[$1].distance, $1)
        }
        return indices.prefix(3).map { distances[$0].0 }
    }
}
