import Commands
import Issues
public import LinkCheck
import Localization

/// What follows links over the web for editors.
public protocol LinkFollowing: Sendable {
    /// Follows the addresses once those are done that were asked for before.
    ///
    /// - Parameters:
    ///   - addresses: Of the web, each once.
    ///   - tell: Is given the verdict on each that was followed.
    /// - Returns: Whether it will be done; false if too much waits already.
    func follow(
        _ addresses: [String],
        tell: @escaping @Sendable ([String: LinkVerdict]) async -> Void
    ) -> Bool
}

/// The question where an issue's links lead.
///
/// It takes minutes, so that its answer comes by itself, and no other command waits for it.
struct LinkQuestion: Sendable {
    /// More findings would bury the room.
    private static let mostFindings = 20

    /// Nil if the operator does not let links be followed.
    let links: (any LinkFollowing)?

    /// Has the links followed, and says so; returns what is to be said if they are not.
    func ask(
        about choice: Newsdesk.Choice,
        in languages: [String],
        _ texts: Texts,
        _ responder: any CommandResponder
    ) async -> String? {
        guard let links else { return texts("check.links.off") }
        guard responder.speaksLater else { return texts("check.links.elsewhere") }
        let found = choice.desk.webLinks(of: choice.entry, in: languages)
        guard !found.isEmpty else { return texts("check.links.none") }
        let addresses = Array(Set(found.map(\.address)))
        let (announced, announcement) = AsyncStream.makeStream(of: Void.self)
        let isTaken = links.follow(addresses) { verdicts in
            // However quick it was, the answer comes behind the announcement.
            for await _ in announced {}
            let outcome = Outcome(links: found, verdicts: verdicts, choice: choice)
            await responder.progress(outcome.text(texts))
        }
        guard isTaken else { return texts("check.links.busy") }
        await responder.progress(texts("check.links.asked", count: addresses.count))
        announcement.finish()
        return nil
    }

    /// What came of it.
    private struct Outcome {
        let links: [WebLink]
        let verdicts: [String: LinkVerdict]
        let choice: Newsdesk.Choice

        func text(_ texts: Texts) -> String {
            let head = texts(
                "check.links.outcome",
                [
                    "issue": choice.entry.id.rawValue,
                    "reachable": verdicts.values.count { $0 == .reachable },
                    "dead": verdicts.values.count { if case .dead = $0 { true } else { false } },
                    "unclear": unclear.count,
                ]
            )
            return ([head] + findings(texts) + [doubt(texts), rest(texts)].compactMap { $0 })
                .joined(separator: "\n")
        }

        private func findings(_ texts: Texts) -> [String] {
            let dead = choice.desk.judged(
                links.compactMap { link in
                    guard case .dead(let reason)? = verdicts[link.address] else { return nil }
                    return link.dead(reason: reason)
                }
            )
            let lines = dead.prefix(LinkQuestion.mostFindings).map {
                "- \(texts.line(on: $0.shortened))"
            }
            let left = dead.count - lines.count
            return lines + (left > 0 ? [texts("more", ["count": left])] : [])
        }

        /// The addresses nobody can tell of, with why.
        private var unclear: [(address: String, reason: String)] {
            verdicts.sorted { $0.key < $1.key }.compactMap { address, verdict in
                if case .unclear(let reason) = verdict { (address, reason) } else { nil }
            }
        }

        private func doubt(_ texts: Texts) -> String? {
            unclear.first.map {
                texts(
                    "check.links.unclear",
                    [
                        "address": WebLink.shown($0.address),
                        "reason": String($0.reason.prefix(200)),
                    ]
                )
            }
        }

        private func rest(_ texts: Texts) -> String? {
            let left = Set(links.map(\.address)).count - verdicts.count
            return left > 0 ? texts("check.links.left", count: left) : nil
        }
    }
}
