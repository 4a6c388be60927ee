import Commands
import Localization
import XMPP

/// `who`: which roles the people of the place have, and what each role may do.
struct WhoCommand: Sendable {
    let rights: CurrentRights
    /// Who is in a room of ours now; empty for others.
    let present: @Sendable (JID) async -> [Invoker]
    /// The other commands, which the roles are about.
    let commands: [Command]

    static let declaration = CommandDeclaration(
        "who",
        summary: .text("who.summary"),
        role: .editor,
        audience: .newsroom,
        changesSomething: false,
        examples: ["who"]
    )

    var command: Command {
        Command(Self.declaration) { invocation, _ in
            .done(await lines(for: invocation.face, invocation.texts).joined(separator: "\n"))
        }
    }

    private func lines(for face: Face, _ texts: Texts) async -> [String] {
        var lines: [String] = []
        if case .room(let room) = face {
            for role in Role.allCases.reversed() where role > .reader {
                let affiliations = rights.now.affiliations(giving: role, in: room)
                guard !affiliations.isEmpty else { continue }
                let names = affiliations.map { texts("affiliation.\($0.rawValue)") }
                let facts: [String: any CustomStringConvertible] = [
                    "people": names.joined(separator: ", "), "role": Self.name(role, texts),
                ]
                lines.append(texts("who.affiliations", facts))
            }
            for role in Role.allCases.reversed() where role > .reader {
                let hats = rights.now.hats(giving: role, in: room)
                guard !hats.isEmpty else { continue }
                let facts: [String: any CustomStringConvertible] = [
                    "hats": hats.joined(separator: ", "), "role": Self.name(role, texts),
                ]
                lines.append(texts("who.hats", facts))
            }
            let people = await present(room)
            for role in Role.allCases.reversed() where role > .reader {
                let nicks = people.filter { $0.role == role }.map(\.displayName).sorted()
                guard !nicks.isEmpty else { continue }
                let facts: [String: any CustomStringConvertible] = [
                    "role": Self.name(role, texts), "people": nicks.joined(separator: ", "),
                ]
                lines.append(texts("who.present", facts))
            }
        }
        // Addresses are nobody's business in a room that may hide them.
        let count = rights.now.namedPeople
        if count > 0 { lines.append(texts("who.named", count: count)) }
        return lines + duties(texts)
    }

    private static func name(_ role: Role, _ texts: Texts) -> String {
        texts("role.\(role.rawValue)")
    }

    private func duties(_ texts: Texts) -> [String] {
        Role.allCases.compactMap { role in
            let names = commands.filter { $0.role == role }.map(\.name)
            guard !names.isEmpty else { return nil }
            let who =
                role == .reader
                ? texts("who.everybody") : texts("who.from", ["role": Self.name(role, texts)])
            return "\(who): \(names.joined(separator: ", "))"
        }
    }
}
