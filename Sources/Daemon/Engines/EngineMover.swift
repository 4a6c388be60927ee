import PubSub
import Publishing
import Storage
import XMPP

/// Lets a newsletter's readers move between our own PubSub service and its engine, as the operator asks.
///
/// While they move, the configuration names the engine: then both places serve who is there, and nobody
/// misses anything, however long it takes.
struct EngineMover: Sendable {
    let newsletters: [Newsletter]
    let formerEngines: FormerEngines
    let store: Store
    /// Whether there is a stream to our server.
    let isConnected: @Sendable () async -> Bool
    /// What is at engines.
    let engines: EngineExamination
    /// Has what waits at engines done at once.
    let urge: @Sendable () async -> Void

    /// Begins to move, or goes on: the newsletter, where to, and `delete` if its nodes at the engine are
    /// to be deleted once nobody is left there, or `abandon` if nothing more is to be done there.
    func move(_ words: [String]) async throws -> EngineMoveReport {
        guard words.count >= 2 else { throw EngineMoveProblem.unreadable }
        let newsletter = try newsletter(words[0])
        guard words[1] == "local" else {
            return try await send(newsletter, to: words[1])
        }
        if let engine = newsletter.engine {
            return try await start(newsletter, at: engine, isLeavingHome: false)
        }
        switch words.dropFirst(2).first {
        case "delete": return try await leave(newsletter, deletes: true)
        case "abandon": return try await abandon(newsletter)
        default: return try await leave(newsletter, deletes: false)
        }
    }

    /// How far it is.
    func report(on words: [String]) async throws -> EngineMoveReport {
        let newsletter = try newsletter(words.first ?? "")
        var report = try await store.read { transaction in
            try EngineMoveReport(of: newsletter, transaction) ?? EngineMoveReport(left: newsletter)
        }
        if report.isUnderWay, await !isConnected() {
            report.reason =
                "Broadsheet is not connected to its server; 'broadsheet status' says why."
        }
        if report.hasArrived, let engine = newsletter.engine {
            report.lacks = await engines.gaps(in: newsletter, at: engine)
        }
        return report
    }

    private func newsletter(_ name: String) throws -> Newsletter {
        guard let newsletter = newsletters.first(where: { $0.name == name }) else {
            throw EngineMoveProblem.noNewsletter(name, newsletters.map(\.name))
        }
        return newsletter
    }

    private func send(_ newsletter: Newsletter, to word: String) async throws -> EngineMoveReport {
        let service = try JID(word)
        guard let engine = newsletter.engine else {
            throw EngineMoveProblem.isLocal(newsletter.name, service)
        }
        guard engine == service else {
            throw EngineMoveProblem.isElsewhere(newsletter.name, engine, service)
        }
        return try await start(newsletter, at: engine, isLeavingHome: true)
    }

    private func start(
        _ newsletter: Newsletter,
        at service: JID,
        isLeavingHome: Bool
    ) async throws -> EngineMoveReport {
        try await store.write { transaction in
            // Nothing but that move tells where they are.
            if let other = try transaction.engineMove(of: newsletter.name),
                other.service != service, other.mayHaveReadersThere
            {
                throw other.isLeavingHome
                    ? EngineMoveProblem.areThere(newsletter.name, other.service, service)
                    : EngineMoveProblem.isComing(newsletter.name, other.service)
            }
            try transaction.startEngineMove(
                of: newsletter.name,
                at: service,
                isLeavingHome: isLeavingHome
            )
        }
        await urge()
        return try await report(on: [newsletter.name])
    }

    /// Nothing more is done at the former engine, be it that there is none any more.
    private func abandon(_ newsletter: Newsletter) async throws -> EngineMoveReport {
        guard formerEngines[newsletter] != nil else {
            throw EngineMoveProblem.neverMoved(newsletter.name)
        }
        try await store.write { try $0.endEngineMove(of: newsletter.name) }
        return try await report(on: [newsletter.name])
    }

    /// The configuration says `local` again: who subscribed there meanwhile comes too.
    private func leave(_ newsletter: Newsletter, deletes: Bool) async throws -> EngineMoveReport {
        let move = try await store.read { try $0.engineMove(of: newsletter.name) }
        guard let move, !move.isLeavingHome, formerEngines[newsletter] == move.service else {
            throw EngineMoveProblem.neverMoved(newsletter.name)
        }
        guard deletes else { throw EngineMoveProblem.notAgreed(newsletter.name, move.service) }
        try await store.write { transaction in
            try transaction.startEngineMove(
                of: newsletter.name,
                at: move.service,
                isLeavingHome: false
            )
            try transaction.setEngineMove(of: newsletter.name, to: .leaving)
        }
        await urge()
        return try await report(on: [newsletter.name])
    }
}

/// Why nothing can move.
enum EngineMoveProblem: Error, CustomStringConvertible {
    case unreadable
    case noNewsletter(String, [String])
    case isLocal(String, JID)
    case isElsewhere(String, JID, JID)
    case neverMoved(String)
    case notAgreed(String, JID)
    case isComing(String, JID)
    /// Its readers have moved to a service that is not the engine any more.
    case areThere(String, JID, JID)

    var description: String {
        switch self {
        case .unreadable: "A newsletter is needed, and where it is to move."
        case .noNewsletter(let name, let names):
            "There is no newsletter '\(name)', but: \(names.joined(separator: ", "))."
        case .isLocal(let name, let service):
            "The configuration says 'engine: local' for '\(name)'. Write 'engine: \(service)', restart "
                + "Broadsheet, and give this command again: until then all are served from here."
        case .isElsewhere(let name, let engine, let service):
            "The configuration says 'engine: \(engine)' for '\(name)'. Move it to 'local' first, then "
                + "write 'engine: \(service)', restart Broadsheet, and give this command again."
        case .neverMoved(let name):
            "The configuration says 'engine: local' for '\(name)', and no readers have moved back from "
                + "another service. If there are some, write that service as its 'engine' again, restart "
                + "Broadsheet, and give this command then."
        case .notAgreed(let name, let service):
            "The nodes of '\(name)' at \(service) are still there."
        case .isComing(let name, let service):
            "'\(name)' has not yet left \(service). Write 'engine: local', restart Broadsheet, and end that "
                + "with 'broadsheet engine move \(name) --to local'."
        case .areThere(let name, let service, let engine):
            "PubSub readers of '\(name)' have moved to \(service), and would be forgotten there. Write "
                + "'engine: \(service)' again, restart Broadsheet, and bring them home with 'broadsheet "
                + "engine move \(name) --to local'. Then write 'engine: local', restart, and end it with the "
                + "same command, with '--abandon' if \(service) is gone for good. After that "
                + "'engine: \(engine)' may be written, and they can move there."
        }
    }
}
