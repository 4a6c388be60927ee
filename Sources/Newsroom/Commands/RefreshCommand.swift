import Commands
import Issues
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
public enum RefreshError: Error, Hashable, Sendable, CustomStringConvertible {
    case busy
    case notRun(String)
    case ended(Int, said: String)
    /// By a signal.
    case stopped(said: String)
    case tooLong(seconds: Int)

    public var description: String {
        switch self {
        case .busy: "Somebody else's refresh is under way; it will be done in a moment."
        case .notRun(let reason): "The command can't be run: \(reason)"
        case .ended(let code, let said): "The command ended with \(code).\(Self.quoted(said))"
        case .stopped(let said): "The command was stopped.\(Self.quoted(said))"
        case .tooLong(let seconds):
            "The command was not done within \(Wording.count(seconds, "second")), and was ended."
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

    var declaration: Command {
        Command(
            "refresh",
            aliases: ["pull"],
            summary: "Fetch the issue files anew, as the operator has set it up",
            role: .editor,
            audience: .newsroom,
            changesSomething: true,
            examples: ["refresh"]
        ) { invocation, _ in
            await run(invocation)
        }
    }

    private func run(_ invocation: CommandInvocation) async -> CommandOutcome {
        let desks = newsdesk.desks(for: invocation.newsletter)
            .filter { sources.canRefresh($0.newsletter.name) }
        guard !desks.isEmpty else {
            return .refused(
                "No command is set for that (newsletters.NAME.refresh). What is in the folder "
                    + "counts at once, without it."
            )
        }
        var lines: [String] = []
        var hasFailed = false
        for desk in desks {
            let before = FolderState(desk)
            do {
                _ = try await sources.refresh(desk.newsletter.name)
                lines.append("\(desk.newsletter.title): \(words(before, FolderState(desk)))")
            } catch {
                hasFailed = true
                lines.append("\(desk.newsletter.title): \(error)")
            }
        }
        let text = lines.joined(separator: "\n")
        return hasFailed ? .failed(text) : .done(text)
    }

    private func words(_ before: FolderState, _ after: FolderState) -> String {
        let parts = [
            ("new", after.names(notIn: before)), ("changed", after.names(changedSince: before)),
            ("gone", before.names(notIn: after)),
        ].filter { !$0.1.isEmpty }.map { word, names in
            let left = names.count - Self.mostNames
            let rest = left > 0 ? " and \(left) more" : ""
            return "\(word): \(names.prefix(Self.mostNames).joined(separator: ", "))\(rest)"
        }
        return parts.isEmpty ? "nothing has changed." : parts.joined(separator: "; ") + "."
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
