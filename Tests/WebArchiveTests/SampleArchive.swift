import Foundation
import Issues
import Testing

@testable import WebArchive

/// A folder with issues of a newsletter from Verona, and the archive that is made of them.
struct SampleArchive {
    let root: URL
    var definition = ArchiveDefinition(
        name: "dispatch",
        title: "The Verona <Dispatch>",
        site: WebSite(base: "https://verona.example/news/", defaultLanguage: "en"),
        author: "Friar Laurence",
        rights: "CC BY-SA 4.0",
        contact: "dispatch@news.verona.example",
        service: "news.verona.example",
        nodes: ["en": "dispatch-en", "de": "dispatch-de"],
        feedPageSize: 2
    )
    var ledger = PublicationLedger()
    var today = IssueDate("2026-06-01")
    var drafts = false
    var templates: String?

    var issues: String { root.appending(path: "issues").path }
    var out: String { root.appending(path: "out").path }

    init() throws {
        root = FileManager.default.temporaryDirectory.appending(path: "site-\(UUID().uuidString)")
        for month in 1...5 {
            try write(
                "issues/2026-0\(month)-05-dispatch.md",
                Self.text("News of month \(month)", month)
            )
        }
        try write("issues/2026-05-05-dispatch.de.md", Self.text("Nachrichten im Mai", 5))
        try write("issues/images/moon.png", "not really a picture")
    }

    func remove() { try? FileManager.default.removeItem(at: root) }

    func write(_ path: String, _ text: String) throws {
        let file = root.appending(path: path)
        try FileManager.default.createDirectory(
            at: file.deletingLastPathComponent(),
            withIntermediateDirectories: true
        )
        try text.write(to: file, atomically: true, encoding: .utf8)
    }

    func build() throws -> ArchiveReport {
        let site = definition.site
        return try ArchiveBuilder(
            definition,
            directory: IssueDirectory(path: issues, defaultLanguage: "en"),
            context: IssueContext(defaultLanguage: "en", site: site),
            templates: try TemplateSet(folder: templates),
            ledger: ledger,
            today: try #require(today),
            includesDrafts: drafts
        ).build(into: out)
    }

    func page(_ path: String) throws -> String {
        try String(contentsOf: root.appending(path: "out/" + path), encoding: .utf8)
    }

    func files() throws -> [String] {
        let paths = try FileManager.default.subpathsOfDirectory(atPath: out)
        return paths.filter { path in
            var isFolder: ObjCBool = false
            let file = "\(out)/\(path)"
            let isThere = FileManager.default.fileExists(atPath: file, isDirectory: &isFolder)
            return isThere && !isFolder.boolValue
        }.sorted()
    }

    static func text(_ title: String, _ month: Int) -> String {
        """
        ---
        title: \(title)
        date: 2026-0\(month)-05
        aliases: [/old/\(month)-\(title.count)]
        ---

        Benvolio & friends <write> from the [balcony](#events).

        {{< figure src="/news/images/moon.png" caption="The *moon*" >}}

        {{< figure src="https://elsewhere.example/tracker.png" caption="A stranger" >}}

        ## Events

        - [Capulet Ball](https://capulet.example/): masks; Ångström café

        #### A heading two levels lower

        Mercutio was there.

        ## XMPP Articles

        [Capulet Ball](https://capulet.example/) in review, month \(month).

        ## License

        [Boilerplate](https://example.org/) unfindable.
        """
    }
}

/// Real issues, which are not part of the project: `BROADSHEET_CORPUS` names their folder.
enum Corpus {
    static let path = ProcessInfo.processInfo.environment["BROADSHEET_CORPUS"]
}
