import Foundation

/// A file to be checked.
public struct CheckFile: Hashable, Sendable {
    /// As the findings name it.
    public let path: String
    public let name: IssueFileName
    public let bytes: [UInt8]

    public init(path: String, name: IssueFileName, bytes: [UInt8]) {
        self.path = path
        self.name = name
        self.bytes = bytes
    }
}

extension CheckFile {
    /// Why there is no file to check, as people are told.
    public struct Failure: Error, Hashable, Sendable, CustomStringConvertible {
        public let path: String
        public let description: String
    }

    /// Reads the file at a path.
    ///
    /// With the newsletter's language, a translation whose name leads to no original is taken for
    /// the one of the issue beside it that it belongs to by its date.
    public init(reading path: String, defaultLanguage: String? = nil) throws(Failure) {
        let url = URL(fileURLWithPath: path)
        guard let name = Self.name(of: url, defaultLanguage) else {
            throw Failure(
                path: path,
                description: "'\(path)' is no issue file: its name must end in '.md'."
            )
        }
        let directory = IssueDirectory(
            path: url.deletingLastPathComponent().path,
            defaultLanguage: ""
        )
        do throws(IssueFileError) {
            self.init(path: path, name: name, bytes: try directory.read(name))
        } catch {
            throw Failure(path: path, description: error.description)
        }
    }

    private static func name(of url: URL, _ defaultLanguage: String?) -> IssueFileName? {
        guard let name = IssueFileName(url.lastPathComponent) else { return nil }
        let folder = url.deletingLastPathComponent().path
        guard let defaultLanguage, name.language != nil,
            !FileManager.default.fileExists(atPath: "\(folder)/\(name.issue).md")
        else { return name }
        let directory = IssueDirectory(path: folder, defaultLanguage: defaultLanguage)
        return (try? directory.catalog())?.file(name) ?? name
    }

    /// The files that are compared with those at the paths: their originals, and the issues before
    /// them in the same language.
    public static func neighbours(of paths: [String], defaultLanguage: String) -> [CheckFile] {
        var found: Set<String> = []
        for path in paths {
            let url = URL(fileURLWithPath: path)
            guard let name = name(of: url, defaultLanguage) else { continue }
            let folder = url.deletingLastPathComponent().path
            let directory = IssueDirectory(path: folder, defaultLanguage: defaultLanguage)
            guard let catalog = try? directory.catalog() else { continue }
            let language = name.language ?? defaultLanguage.lowercased()
            let before = catalog.entries.last { $0.id < name.issue && $0.files[language] != nil }
            let neighbours = [
                catalog[name.issue]?.files[defaultLanguage.lowercased()], before?.files[language],
            ]
            found.formUnion(neighbours.compactMap { $0 }.map { "\(folder)/\($0.rawValue)" })
        }
        let given = Set(paths.map { URL(fileURLWithPath: $0).path })
        return found.subtracting(given).sorted().compactMap {
            try? CheckFile(reading: $0, defaultLanguage: defaultLanguage)
        }
    }
}
