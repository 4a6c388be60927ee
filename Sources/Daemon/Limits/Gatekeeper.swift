import Component
import Logging
import Readers
import Synchronization
import XMPP

/// Keeps the turnstile at which stanzas arrive, and says so when it is closed to somebody.
///
/// A lock rather than an actor: what it guards is touched for a moment, while nothing is read.
final class Gatekeeper: Sendable {
    fileprivate static let silence = Duration.seconds(60)

    fileprivate struct State {
        var turnstile: Turnstile
        var refused = 0
        var nextReport = Duration.zero
    }

    private let state: Mutex<State>
    private let origin = ContinuousClock.now
    private let logger: Logger

    init(_ limits: TrafficLimits, logger: Logger) {
        state = Mutex(State(turnstile: Turnstile(limits)))
        self.logger = logger
    }

    /// What becomes of each stanza of a batch; those without a visitor are not limited.
    func verdicts(on visitors: [Visitor?], isFull: Bool) -> [Turnstile.Verdict] {
        let now = ContinuousClock.now - origin
        let (verdicts, refused) = state.withLock { state in
            let verdicts = visitors.map { visitor in
                visitor.map {
                    state.turnstile.verdict(on: $0, at: now / .seconds(1), isFull: isFull)
                } ?? .admitted
            }
            state.refused += verdicts.count { $0 != .admitted }
            return (verdicts, state.reportable(at: now))
        }
        if refused > 0 {
            logger.warning("More arrives than is taken", metadata: ["refused": "\(refused)"])
        }
        return verdicts
    }
}

extension Gatekeeper.State {
    /// How many were refused, once in a while: whoever floods us is not to flood the log as well.
    fileprivate mutating func reportable(at now: Duration) -> Int {
        guard refused > 0, now >= nextReport else { return 0 }
        defer { refused = 0 }
        nextReport = now + Gatekeeper.silence
        return refused
    }
}

extension Turnstile.Verdict {
    /// What the sender is told; nil if nothing is.
    var error: StanzaError? {
        switch self {
        case .person(isTold: true):
            StanzaError(
                .policyViolation,
                type: .wait,
                text: "You send more than is taken from one address. Wait a few seconds."
            )
        case .domain(isTold: true):
            StanzaError(
                .resourceConstraint,
                type: .wait,
                text: "More comes from your server than is taken. Wait a few seconds."
            )
        case .full(isTold: true):
            StanzaError(
                .resourceConstraint,
                type: .wait,
                text: "Too much is going on at the moment. Please try again in a minute."
            )
        case .admitted, .person, .domain, .room, .full:
            nil
        }
    }
}

extension AddressBook {
    /// Who something counts for; nil if it is not limited.
    ///
    /// Not limited are the rooms we sit in, which say much when many are there, and what nobody
    /// does anything about. What comes back while an issue goes out does not count for the domain:
    /// our own server returns it for all readers of a domain at once that can't be reached. Questions to
    /// idle readers are few, and their ids can be made up.
    func visitor(_ inbound: Inbound, by route: Route?) -> Visitor? {
        switch route {
        case .room, .token, .nothing:
            return nil
        case .bounce(let message):
            return message.from.map {
                Visitor($0.bare, countsForDomain: message.mayAnswerQuestion)
            }
        case .guestRoom(let room, .presence):
            return inbound.sender.map { Visitor($0, shownBy: room) }
        case .guestRoom, .occupant:
            let countsForDomain = route?.bounce == nil
            return inbound.sender.map { Visitor($0, countsForDomain: countsForDomain) }
        case .invitation, .service, .contact, .command, .registration, .presence, .decision, .chat,
            .nobody, nil:
            break
        }
        switch inbound {
        case .stanza(let stanza):
            return stanza.from.map { Visitor(rooms.contains($0.bare) ? $0 : $0.bare) }
        case .unreadable(let error):
            return error.reply?["to"].map(Self.visitor)
        case .oversized(let envelope, _):
            return envelope["from"].map(Self.visitor)
        }
    }

    private static func visitor(_ text: String) -> Visitor {
        if let address = try? JID(text) { Visitor(address.bare) } else { Visitor(unreadable: text) }
    }
}

extension Inbound {
    /// Who has sent it, by full address: in a room each is another person.
    fileprivate var sender: JID? {
        if case .stanza(let stanza) = self { stanza.from } else { nil }
    }
}
