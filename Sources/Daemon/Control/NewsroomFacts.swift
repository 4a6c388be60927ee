package import Foundation
import Issues
import Publishing
import Storage

/// What editors are told in words, for programs.
struct NewsroomFacts: Sendable {
    /// How many issues are listed, unless all are asked for, and how many commands.
    private static let shortList = 10
    private static let commands = 20

    let newsletters: [NewsletterSettings]
    let publisher: Publisher
    let store: Store

    /// The issues there are files of, the newest first.
    func issues(all: Bool) async throws -> [IssueFacts] {
        var facts: [IssueFacts] = []
        for settings in newsletters {
            let path = settings.issues.path(percentEncoded: false)
            let entries = try IssueDirectory(path: path, defaultLanguage: settings.language)
                .catalog().entries
            let published = try await publisher.publications(of: settings.newsletter)
                .filter { $0.state == .published }
            facts += entries.suffix(all ? entries.count : Self.shortList).reversed().map { entry in
                IssueFacts(
                    newsletter: settings.newsletter.name,
                    issue: entry.id.rawValue,
                    editions: entry.languages.map { language in
                        let record = published.first {
                            $0.issue == entry.id.rawValue && $0.language == language
                        }
                        return .init(language: language, publishedAt: record?.publishedAt)
                    },
                    unusedFiles: entry.surplus.map(\.rawValue)
                )
            }
        }
        return facts
    }

    /// How many read each feed; never who.
    func readers() async throws -> [ReaderFacts] {
        var facts: [ReaderFacts] = []
        for settings in newsletters {
            facts += try await publisher.readers(of: settings.newsletter).map { readers in
                ReaderFacts(
                    newsletter: settings.newsletter.name,
                    node: readers.feed.node.rawValue,
                    language: readers.feed.language,
                    section: readers.feed.topic?.section,
                    subscribed: readers.subscribed,
                    forms: Dictionary(
                        readers.byForm.map { ($0.kind.word, $0.readers) },
                        uniquingKeysWith: +
                    )
                )
            }
        }
        return facts
    }

    /// The last commands that changed something, the newest first.
    func log() async throws -> [CommandFacts] {
        try await store.read { try $0.commandLog(limit: Self.commands) }.map { entry in
            CommandFacts(
                date: entry.date,
                person: entry.person,
                place: entry.place,
                newsletter: entry.newsletter,
                line: entry.line,
                outcome: entry.outcome
            )
        }
    }
}

/// An issue that there are files of: what `broadsheet issues --json` prints.
package struct IssueFacts: Codable, Hashable, Sendable {
    package struct Edition: Codable, Hashable, Sendable {
        package var language: String
        /// Nil if it is not published.
        package var publishedAt: Date?
    }

    package var newsletter: String
    package var issue: String
    package var editions: [Edition]
    /// Files for a language that has another one already.
    package var unusedFiles: [String]
}

/// The readers of a node: what `broadsheet readers --json` prints.
package struct ReaderFacts: Codable, Hashable, Sendable {
    package var newsletter: String
    package var node: String
    package var language: String
    /// Nil for whole issues.
    package var section: String?
    /// All of them, those included who want nothing sent.
    package var subscribed: Int
    /// Those who are sent something, by what it is: `event`, `event-body`, `chat-short`.
    package var forms: [String: Int]
}

/// A command that changed something: what `broadsheet log --json` prints.
package struct CommandFacts: Codable, Hashable, Sendable {
    package var date: Date
    package var person: String
    package var place: String
    /// Nil where there are several.
    package var newsletter: String?
    package var line: String
    package var outcome: String
}

extension VariantKind {
    fileprivate var word: String {
        switch self {
        case .event: "event"
        case .eventWithBody: "event-body"
        case .chat(let amount), .replacement(let amount): "chat-\(amount.rawValue)"
        case .room: "room"
        }
    }
}
