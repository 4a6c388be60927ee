import Commands
import Foundation
import Issues
import Synchronization
import XMPP

@testable import Newsroom

/// Keeps what is said to one person alone; only in rooms that is another place than the answer's.
final class Whispers: PrivateAnswers {
    private let texts = Mutex<[String]>([])

    var all: [String] { texts.withLock { $0 } }

    func sendPrivately(
        _ text: String,
        to invocation: CommandInvocation
    ) async throws -> PrivatePlace? {
        guard case .room = invocation.face else { return nil }
        texts.withLock { $0.append("\(invocation.invoker.displayName): \(text)") }
        return .privateMessage
    }
}

/// No place for pages of drafts.
struct NoPages: DraftPages {
    func write(_ issue: IssueID, in language: String, of newsletter: String) async -> String? {
        nil
    }
}

/// A room in which issues are announced.
final class Square: AnnouncementRooms {
    struct Closed: Error, CustomStringConvertible {
        let description = "The room is closed."
    }

    /// What it makes of an announcement that was sent to it.
    enum Manner {
        case tellsAll, saysNothing, isLost
        case refuses(StanzaError)
    }

    private let state = Mutex((isOpen: true, manner: Manner.tellsAll, heard: [String]()))

    var heard: [String] { state.withLock { $0.heard } }

    func open() { state.withLock { $0.isOpen = true } }

    func close() { state.withLock { $0.isOpen = false } }

    func behave(_ manner: Manner) { state.withLock { $0.manner = manner } }

    func rooms(for newsletter: String) -> [JID] {
        [try? JID("square@rooms.verona.example")].compactMap { $0 }
    }

    func announce(
        _ text: String,
        in room: JID,
        answered: @escaping AnnouncementListener
    ) async throws {
        let answer: AnnouncementAnswer? = try state.withLock { state in
            guard state.isOpen else { throw Closed() }
            if case .refuses(let error) = state.manner { return .refused(error) }
            state.heard.append(text)
            return switch state.manner {
            case .tellsAll: .told(as: "s\(state.heard.count)")
            case .isLost: .unknown
            case .saysNothing, .refuses: nil
            }
        }
        if let answer { await answered(answer) }
    }

    func retract(_ message: String?, saying text: String, in room: JID) async throws {
        try state.withLock { state in
            guard state.isOpen else { throw Closed() }
            state.heard.append("\(message ?? "none"): \(text)")
        }
    }
}

struct NoSources: IssueSources {
    func canRefresh(_ newsletter: String) -> Bool { false }

    func refresh(_ newsletter: String) async throws -> String { "" }
}

/// Counts how often the delivery was told of news.
final class Bell: Sendable {
    private let count = Mutex(0)

    var rings: Int { count.withLock { $0 } }

    func ring() {
        count.withLock { $0 += 1 }
    }
}

/// A clock that stands until somebody moves it.
final class Timepiece: Sendable {
    private let date = Mutex(Bureau.published)

    var now: Date { date.withLock { $0 } }

    func advance(days: Double) {
        date.withLock { $0 += days * 86_400 }
    }
}

/// Keeps what is said while a command works, and after it.
actor Overheard: CommandResponder {
    private(set) var texts: [String] = []

    func progress(_ text: String) async { texts.append(text) }
}

struct NobodyListens: CommandResponder {
    func progress(_ text: String) async {}
}

/// A folder of issue files that is gone with the value.
final class IssueFolder: Sendable {
    let url: URL

    init() throws {
        url = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    }

    deinit {
        try? FileManager.default.removeItem(at: url)
    }

    var path: String { url.path(percentEncoded: false) }

    func write(_ text: String, to name: String) throws {
        try Data(text.utf8).write(to: url.appending(path: name))
    }
}

/// The text of a small issue with nothing wrong in it.
func smallIssue(_ title: String = "Two households", body: String = "Both alike.") -> String {
    "---\ntitle: \(title)\ndate: 2026-04-05\n---\n\n\(body)\n"
}
