import Foundation

/// The directory where an editorial team keeps the files of its issues.
public struct IssueDirectory: Hashable, Sendable {
    public let path: String
    public let defaultLanguage: String

    /// The largest file that is taken for an issue, in bytes.
    public static let maximumFileSize = 1_048_576

    public init(path: String, defaultLanguage: String) {
        self.path = path
        self.defaultLanguage = defaultLanguage
    }

    /// The issues in the directory at this moment; directories within it are not looked into.
    ///
    /// A translation whose name leads to no original is found by the date it gives.
    public func catalog() throws(IssueFileError) -> IssueCatalog {
        let directory = try resolvedPath()
        let names: [String]
        do {
            names = try FileManager.default.contentsOfDirectory(atPath: directory)
        } catch {
            throw .directory(path, reason: error.localizedDescription)
        }
        let files = names.compactMap { IssueFileName($0) }.filter { name in
            guard let target = try? regularFile(name, in: directory) else { return false }
            return !target.isEmpty
        }
        return IssueCatalog(files, defaultLanguage: defaultLanguage)
            .pairingTranslations(defaultLanguage: defaultLanguage, date: date)
    }

    /// The date in a file's front matter; nil if it can't be read.
    private func date(of name: IssueFileName) -> IssueDate? {
        var log = FindingLog(file: name.rawValue)
        guard let bytes = try? read(name), let text = SourceText.decode(bytes, log: &log),
            let parts = SourceParts(text, log: &log)
        else { return nil }
        return FrontMatterReader.read(parts.frontMatter, of: name, log: &log)?.date
    }

    /// The issue that a person means by `name`.
    public func resolve(_ name: String, today: IssueDate) throws -> IssueID {
        try catalog().resolve(name, today: today)
    }

    /// The bytes of a file, of one moment: never half of an old and half of a new version.
    public func read(_ name: IssueFileName) throws(IssueFileError) -> [UInt8] {
        let directory = try resolvedPath()
        let target = try regularFile(name, in: directory)
        let file = WholeFile(
            directory: directory,
            path: String(target.dropFirst(directory.count)),
            shownAs: name.rawValue,
            limit: Self.maximumFileSize
        )
        return try file.read()
    }

    /// The name and the bytes of an issue's file in a language.
    public func read(
        _ issue: IssueID,
        language: String
    ) throws(IssueFileError) -> (name: IssueFileName, bytes: [UInt8]) {
        let entry = try catalog()[issue]
        guard let name = entry?.files[language.lowercased()] else {
            throw .noTranslation(issue, language: language, available: entry?.languages ?? [])
        }
        return (name, try read(name))
    }

    private func resolvedPath() throws(IssueFileError) -> String {
        guard let resolved = realpath(path, nil) else {
            throw .directory(path, reason: String(cString: strerror(errno)))
        }
        defer { free(resolved) }
        return String(cString: resolved)
    }

    /// Where a file really is, once it is known to be a file within the directory.
    private func regularFile(
        _ name: IssueFileName,
        in directory: String
    ) throws(IssueFileError) -> String {
        guard let resolved = realpath("\(directory)/\(name.rawValue)", nil) else {
            throw .file(name.rawValue, reason: String(cString: strerror(errno)))
        }
        defer { free(resolved) }
        let target = String(cString: resolved)
        guard target.hasPrefix(directory == "/" ? "/" : directory + "/") else {
            throw .outside(name.rawValue)
        }
        var status = stat()
        guard lstat(target, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            throw .notRegular(name.rawValue)
        }
        return target
    }
}
