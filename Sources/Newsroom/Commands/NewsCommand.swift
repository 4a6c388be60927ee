import Commands
import Foundation
import Issues
import Localization
import Storage

/// `news [SECTION] URL TEXT`: collects an item for the next issue; `news list` and others keep order.
struct NewsCommand: Sendable {
    enum Action: String, CaseIterable {
        case add, list, edit, drop, move
    }

    /// More of what waits would bury the room.
    private static let mostShown = 60
    /// More is an article, not a piece of news; in characters.
    private static let longestText = 600

    let newsdesk: Newsdesk
    let board: NewsBoard

    static let declaration = CommandDeclaration(
        "news",
        summary: .text("news.summary"),
        parameters: [
            Parameter(
                "action",
                .choice(Action.allCases.map(\.rawValue)),
                isRequired: false,
                summary: .text("news.action")
            ),
            Parameter(
                "details",
                .text,
                isRequired: false,
                summary: .text("news.details")
            ),
        ],
        role: .editor,
        audience: .newsroom,
        changesSomething: true,
        examples: [
            "news clients https://example.org/news Version 2 is out", "news list",
            "news edit 12 Version 2.0 is out", "news move 12 servers", "news drop 12",
        ]
    )

    var command: Command {
        Command(Self.declaration, answer: run)
    }

    private func run(_ invocation: CommandInvocation) async -> CommandOutcome {
        let details = invocation.arguments["details"] ?? ""
        let action = invocation.arguments["action"].flatMap(Action.init) ?? .add
        do {
            switch action {
            case .add: return .done(try await add(details, invocation))
            case .list: return .done(try await list(invocation))
            case .edit: return .done(try await edit(details, invocation))
            case .drop: return .done(try await drop(details, invocation))
            case .move: return .done(try await move(details, invocation))
            }
        } catch let problem as NewsProblem {
            return .refused(invocation.texts.reason(problem))
        } catch {
            return .failed(invocation.texts.reason(error))
        }
    }
}

// MARK: - Collecting

extension NewsCommand {
    private func add(_ details: String, _ invocation: CommandInvocation) async throws -> String {
        guard let entry = NewsEntry(details) else { throw NewsProblem.noAddress }
        try Self.checkLength(entry.text)
        let (desk, section) = try place(entry.place, invocation)
        let outcome = try await board.add(
            NewNewsItem(
                newsletter: desk.newsletter.name,
                section: section,
                address: entry.reference.address,
                addressKey: entry.reference.key,
                text: entry.text,
                contributor: entry.contributor ?? invocation.invoker.credit(on: invocation.face),
                collector: invocation.invoker.displayName
            )
        )
        switch outcome {
        case .kept(let item):
            guard let section else {
                return invocation.texts("news.keptLoose", ["number": item.id])
            }
            return invocation.texts(
                "news.kept",
                ["number": item.id, "section": desk.title(of: section)]
            )
        case .duplicate(let item):
            throw NewsProblem.duplicate(item)
        }
    }

    /// The newsletter and the section meant by `[NEWSLETTER/][SECTION]`.
    private func place(
        _ text: String,
        _ invocation: CommandInvocation
    ) throws -> (NewsletterDesk, section: String?) {
        let desks = newsdesk.desks(for: invocation.newsletter)
        let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        if let desk = desks.first(where: { $0.newsletter.name == parts.first.map(String.init) }) {
            let name = parts.dropFirst().first.map(String.init) ?? ""
            return (desk, try desk.section(named: name))
        }
        guard desks.count == 1, let desk = desks.first else {
            throw NewsProblem.whichNewsletter(desks.map(\.newsletter.name))
        }
        return (desk, try desk.section(named: text))
    }
}

// MARK: - What was collected

extension NewsCommand {
    private func list(_ invocation: CommandInvocation) async throws -> String {
        let texts = invocation.texts
        var parts: [String] = []
        for desk in newsdesk.desks(for: invocation.newsletter) {
            let items = try await board.waiting(for: desk.newsletter.name)
            guard !items.isEmpty else {
                parts.append(texts("news.none", ["newsletter": desk.newsletter.title]))
                continue
            }
            parts.append(
                texts("news.head", count: items.count, ["newsletter": desk.newsletter.title])
            )
            let shown = items.suffix(Self.mostShown)
            for section in desk.order(of: Array(shown)) {
                parts.append(section.map { desk.title(of: $0) } ?? texts("news.loose"))
                parts += shown.filter { $0.section == section }.map(line)
            }
            let left = items.count - shown.count
            if left > 0 { parts.append(texts("news.older", ["count": left])) }
        }
        return parts.joined(separator: "\n")
    }

    private static func checkLength(_ text: String) throws(NewsProblem) {
        guard text.count <= longestText else { throw .tooLong(most: longestText) }
    }

    private func line(_ item: NewsItem) -> String {
        let text = item.text.isEmpty ? "" : "\(item.text) "
        let who = item.contributor ?? item.collector
        return "- #\(item.id) \(text)\(item.address) (\(who), \(Wording.date(item.collectedAt)))"
    }

    private func edit(_ details: String, _ invocation: CommandInvocation) async throws -> String {
        let (item, rest) = try await waitingItem(in: details, invocation)
        guard !rest.isEmpty else { throw NewsProblem.noText }
        let found = WebReference.first(in: rest)
        guard let reference = found?.reference ?? WebReference(item.address) else {
            throw NewsProblem.noAddress
        }
        let text = found.map { $0.rest.isEmpty ? item.text : $0.rest } ?? rest
        try Self.checkLength(text)
        try await board.change(item, text: text, to: reference)
        return invocation.texts(
            "news.edited",
            ["number": item.id, "text": "\(text) \(reference.address)"]
        )
    }

    private func drop(_ details: String, _ invocation: CommandInvocation) async throws -> String {
        let (item, _) = try await item(in: details, invocation)
        try await board.drop(item)
        return invocation.texts(
            "news.dropped",
            ["number": item.id, "text": "\(item.text) \(item.address)"]
        )
    }

    private func move(_ details: String, _ invocation: CommandInvocation) async throws -> String {
        let (item, rest) = try await waitingItem(in: details, invocation)
        let desk = newsdesk.desks.first { $0.newsletter.name == item.newsletter }
        guard let desk, let section = try desk.section(named: rest) else {
            throw NewsProblem.noSection(rest, nearest: nil, known: desk?.sectionNames ?? [])
        }
        try await board.move(item, to: section)
        return invocation.texts(
            "news.moved",
            ["number": item.id, "section": desk.title(of: section)]
        )
    }

    /// As ``item(in:_:)``, as long as it is in no draft.
    private func waitingItem(
        in details: String,
        _ invocation: CommandInvocation
    ) async throws -> (NewsItem, rest: String) {
        let found = try await item(in: details, invocation)
        if let issue = found.0.issue { throw NewsProblem.drafted(found.0.id, issue: issue) }
        return found
    }

    /// The item whose number stands first, with or without `#`, and what follows.
    private func item(
        in details: String,
        _ invocation: CommandInvocation
    ) async throws -> (NewsItem, rest: String) {
        let word = details.prefix { !$0.isWhitespace }
        let digits = word.first == "#" ? word.dropFirst() : word
        guard let number = Int(digits) else { throw NewsProblem.noNumber(String(word)) }
        let desks = newsdesk.desks(for: invocation.newsletter)
        let item = try await board.item(number, of: desks)
        let rest = details.dropFirst(word.count)
        return (item, String(rest).trimmingCharacters(in: .whitespacesAndNewlines))
    }
}

/// `[SECTION] URL TEXT [(by NAME)]`, taken apart.
struct NewsEntry: Hashable {
    var place: String
    var reference: WebReference
    var text: String
    var contributor: String?

    /// Nil if there is no address in it.
    init?(_ details: String) {
        let words = details.split(whereSeparator: \.isWhitespace)
        guard let index = words.firstIndex(where: { WebReference($0) != nil }),
            let reference = WebReference(words[index])
        else { return nil }
        self.reference = reference
        place = words[..<index].joined(separator: " ")
        var rest = words[(index + 1)...].joined(separator: " ")
        if rest.last == ")", let start = rest.range(of: "(by ", options: .backwards) {
            let name = rest[start.upperBound...].dropLast()
            if !name.isEmpty {
                contributor = String(name)
                rest = String(rest[..<start.lowerBound])
            }
        }
        text = rest.trimmingCharacters(in: .whitespaces)
    }
}

extension CommandInvocation {
    /// Whether a command that may change something only tells what there is.
    var onlyTells: Bool {
        command == "news" && arguments["action"] == NewsCommand.Action.list.rawValue
    }
}

extension Invoker {
    /// How an issue names the person; nobody's address, and no shell.
    func credit(on face: Face) -> String? {
        if case .shell = face { return nil }
        if let jid, displayName == jid.description { return jid.localpart }
        return displayName
    }
}
