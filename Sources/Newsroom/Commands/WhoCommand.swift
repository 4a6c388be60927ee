import Commands
import XMPP

/// `who`: which roles the people of the place have, and what each role may do.
struct WhoCommand: Sendable {
    let rights: CurrentRights
    /// Who is in a room of ours now; empty for others.
    let present: @Sendable (JID) async -> [Invoker]
    /// The other commands, which the roles are about.
    let commands: [Command]

    var declaration: Command {
        Command(
            "who",
            summary: "Say who may do what here",
            role: .editor,
            audience: .newsroom,
            changesSomething: false,
            examples: ["who"]
        ) { invocation, _ in
            .done(await lines(for: invocation.face).joined(separator: "\n"))
        }
    }

    private func lines(for face: Face) async -> [String] {
        var lines: [String] = []
        if case .room(let room) = face {
            for role in Role.allCases.reversed() where role > .reader {
                let affiliations = rights.now.affiliations(giving: role, in: room)
                guard !affiliations.isEmpty else { continue }
                let names = affiliations.map { "\($0.rawValue)s" }.joined(separator: ", ")
                lines.append("In this room, \(names): \(role.rawValue)")
            }
            let people = await present(room)
            for role in Role.allCases.reversed() where role > .reader {
                let nicks = people.filter { $0.role == role }.map(\.displayName).sorted()
                guard !nicks.isEmpty else { continue }
                lines.append("Here now as \(role.rawValue): \(nicks.joined(separator: ", "))")
            }
        }
        // Addresses are nobody's business in a room that may hide them.
        let count = rights.now.namedPeople
        if count > 0 {
            let verb = count == 1 ? "has" : "have"
            lines.append(
                "\(Wording.people(count)) \(verb) a role by address, wherever they are."
            )
        }
        return lines + duties
    }

    private var duties: [String] {
        Role.allCases.compactMap { role in
            let names = commands.filter { $0.role == role }.map(\.name)
            guard !names.isEmpty else { return nil }
            let who = role == .reader ? "Everybody" : "From \(role.rawValue) on"
            return "\(who): \(names.joined(separator: ", "))"
        }
    }
}
