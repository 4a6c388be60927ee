import Foundation

@testable import Issues

/// Real issues, which are not part of the project: the environment variable `BROADSHEET_CORPUS`
/// names a folder with `issues/*.md`, `issues.json` and `taxonomy.json`.
enum Corpus {
    static let path = ProcessInfo.processInfo.environment["BROADSHEET_CORPUS"]
    static var isThere: Bool { path != nil }

    static let context = IssueContext(
        defaultLanguage: "en",
        site: WebSite(base: "https://xmpp.org/", defaultLanguage: "en")
    )

    static func names() throws -> [IssueFileName] {
        try FileManager.default.contentsOfDirectory(atPath: (path ?? "") + "/issues").sorted()
            .compactMap { IssueFileName($0) }
    }

    /// All of them, read once.
    static func issues() throws -> [NewsletterIssue] {
        try read.get()
    }

    private static let read = Result {
        let directory = IssueDirectory(path: (path ?? "") + "/issues", defaultLanguage: "en")
        return try names().map { name in
            try NewsletterIssue.parse(directory.read(name), fileName: name, in: context)
        }
    }

    static func json<Value: Decodable>(_ file: String, as type: Value.Type) throws -> Value {
        let url = URL(fileURLWithPath: (path ?? "") + "/" + file)
        return try JSONDecoder().decode(type, from: Data(contentsOf: url))
    }
}
