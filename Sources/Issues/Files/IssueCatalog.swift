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

/// Translations whose name leads to no original.
extension IssueCatalog {
    /// How far a name's date may be from that of the original, in months.
    private static let mostMonths = 2

    /// The catalog with such translations where they belong: at the issue whose original bears the
    /// date that they give in their front matter, or else is the only one of that month.
    ///
    /// The rest of the names, behind the date, must be the same. `date` is asked of as few files as
    /// possible, since they have to be read for it.
    func pairingTranslations(
        defaultLanguage: String,
        date: (IssueFileName) -> IssueDate?
    ) -> IssueCatalog {
        let original = defaultLanguage.lowercased()
        var entries = Dictionary(uniqueKeysWithValues: entries.map { ($0.id, $0) })
        for orphan in self.entries where orphan.files[original] == nil {
            for (language, name) in orphan.files {
                let near = self.entries.filter { entry in
                    entry.files[original] != nil && entry.files[language] == nil
                        && entry.id.stem == orphan.id.stem
                        && entry.id.months(to: orphan.id).map { $0 <= Self.mostMonths } ?? false
                }
                guard !near.isEmpty, let date = date(name) else { continue }
                let sameMonth = near.filter { $0.id.date?.months(to: date) == 0 }
                let match =
                    near.first { $0.id.date == date }
                    ?? (sameMonth.count == 1 ? sameMonth.first : nil)
                guard let match, entries[match.id]?.files[language] == nil else { continue }
                var paired = name
                paired.issue = match.id
                entries[match.id]?.files[language] = paired
                entries[orphan.id]?.files[language] = nil
            }
            if entries[orphan.id]?.files.isEmpty == true { entries[orphan.id] = nil }
        }
        return IssueCatalog(entries: entries.values.sorted { $0.id < $1.id })
    }

    private init(entries: [Entry]) {
        self.entries = entries
    }

    /// The file of that name, as it belongs to its issue.
    func file(_ name: IssueFileName) -> IssueFileName? {
        let files = entries.lazy.flatMap(\.files.values)
        return files.first { $0.rawValue == name.rawValue }
    }
}

extension IssueID {
    /// What stands behind the date.
    fileprivate var stem: Substring {
        guard date != nil else { return rawValue[...] }
        return rawValue.dropFirst("2024-02-05".count).drop { $0 == "-" || $0 == "_" }
    }

    fileprivate func months(to other: IssueID) -> Int? {
        guard let date, let other = other.date else { return nil }
        return date.months(to: other)
    }
}

extension IssueDate {
    fileprivate func months(to other: IssueDate) -> Int {
        abs((year * 12 + month) - (other.year * 12 + other.month))
    }
}
