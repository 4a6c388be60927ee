import Foundation

/// A directory with a configuration, a secret and issues, for one test.
struct ConfigurationSample {
    static let good = """
        component:
          jid: news.verona.lit
          secret_file: secret
        newsletters:
          dispatch:
            title: The Verona Dispatch
            issues: issues
            languages: [en, de]
        rooms:
          - jid: comm-team@rooms.verona.lit
            roles: {owner: publisher, member: editor}
        people:
          Benvolio@verona.lit: publisher
        """

    let folder: URL
    var file: URL { folder.appending(path: "broadsheet.yaml") }

    init(_ text: String = good) throws {
        folder = URL.temporaryDirectory.appending(path: "broadsheet-test-\(UUID())")
        let manager = FileManager.default
        try manager.createDirectory(
            at: folder.appending(path: "issues"),
            withIntermediateDirectories: true
        )
        try Data("s3cret\n".utf8).write(to: folder.appending(path: "secret"))
        try Data(text.utf8).write(to: folder.appending(path: "broadsheet.yaml"))
    }

    /// The good sample with one part replaced.
    init(replacing part: String, with other: String) throws {
        try self.init(Self.good.replacingOccurrences(of: part, with: other))
    }

    func remove() {
        try? FileManager.default.removeItem(at: folder)
    }
}
