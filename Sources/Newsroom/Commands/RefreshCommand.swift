import Commands
import Issues
import Localization
import Publishing

/// What brings the files of newsletters up to date.
public protocol IssueSources: Sendable {
    /// Whether there is something to be run for the newsletter.
    func canRefresh(_ newsletter: String) -> Bool

    /// Runs it; returns what it said.
    ///
    /// - Throws: ``RefreshError``.
    func refresh(_ newsletter: String) async throws -> String
}

/// Why files were not brought up to date.
public enum RefreshError: Error, Hashable, Sendable {
    case busy
    case notRun(String)
    case ended(Int, said: String)
    /// By a signal.
    case stopped(said: String)
    case tooLong(seconds: Int)
}

extension RefreshError: Explained {
    public var description: String { explanation(in: NewsroomTexts.english) }

    func explanation(in texts: Texts) -> String {
        switch self {
        case .busy: texts("refresh.busy")
        case .notRun(let reason): texts("refresh.notRun", ["reason": reason])
        case .ended(let code, let said):
            texts("refresh.ended", ["code": code]) + Self.quoted(said)
        case .stopped(let said): texts("refresh.stopped") + Self.quoted(said)
        case .tooLong(let seconds):
            texts("refresh.tooLong", ["span": texts("seconds", count: seconds)])
        }
    }

    /// The last lines, which as a rule say what is wrong.
    private static func quoted(_ said: String) -> String {
        said.split(whereSeparator: \.isNewline).suffix(5)
            .map { "\n  \($0.prefix(200))" }.joined()
    }
}

/// `refresh`: fetches the files of issues anew, and says which are others now.
struct RefreshCommand: Sendable {
    private static let mostNames = 8

    let newsdesk: Newsdesk
    let sources: any IssueSources

    static let declaration = CommandDeclaration(
        "refresh",
        aliases: ["pull"],
        summary: .text("refresh.summary"),
        role: .editor,
        audience: .newsroom,
        changesSomething: true,
        examples: ["refresh"]
    )

    var command: Command {
        Command(Self.declaration, answer: run)
    }

    private func run(_ invocation: CommandInvocation) async -> CommandOutcome {
        let texts = invocation.texts
        let desks = newsdesk.desks(for: invocation.newsletter)
            .filter { sources.canRefresh($0.newsletter.name) }
        guard !desks.isEmpty else {
            return .refused(texts("refresh.none"))
        }
        var lines: [String] = []
        var hasFailed = false
        for desk in desks {
            let before = FolderState(desk)
            do {
                _ = try await sources.refresh(desk.newsletter.name)
                let changes = words(before, FolderState(desk), texts)
                lines.append("\(desk.newsletter.title): \(changes)")
            } catch {
                hasFailed = true
                lines.append("\(desk.newsletter.title): \(texts.reason(error))")
            }
        }
        let text = lines.joined(separator: "\n")
        return hasFailed ? .failed(text) : .done(text)
    }

    private func words(_ before: FolderState, _ after: FolderState, _ texts: Texts) -> String {
        let parts = [
            (texts("refresh.new"), after.names(notIn: before)),
            (texts("refresh.changed"), after.names(changedSince: before)),
            (texts("refresh.gone"), before.names(notIn: after)),
        ].filter { !$0.1.isEmpty }.map { word, names in
            let left = names.count - Self.mostNames
            let rest = left > 0 ? [texts("more", ["count": left])] : []
            return "\(word): \((names.prefix(Self.mostNames) + rest).joined(separator: ", "))"
        }
        return parts.isEmpty ? texts("refresh.idle") : parts.joined(separator: "; ") + "."
    }
}

/// The issue files of a newsletter as they are at a moment.
struct FolderState: Hashable, Sendable {
    /// What tells whether a file has changed, by its name.
    private let hashes: [String: String]

    /// A file or folder that can't be read is not there.
    init(_ desk: NewsletterDesk) {
        let entries = (try? desk.catalog().entries) ?? []
        let files = entries.flatMap { Array($0.files.values) + $0.surplus }
        hashes = Dictionary(
            files.compactMap { file in
                (try? desk.directory.read(file)).map { (file.rawValue, ContentHash.of($0)) }
            },
            uniquingKeysWith: { first, _ in first }
        )
    }

    func names(notIn other: FolderState) -> [String] {
        hashes.keys.filter { other.hashes[$0] == nil }.sorted()
    }

    func names(changedSince other: FolderState) -> [String] {
        hashes.filter { name, hash in other.hashes[name].map { $0 != hash } ?? false }.keys.sorted()
    }
}
