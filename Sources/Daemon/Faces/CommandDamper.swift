import Commands
import Newsroom
import Readers
import Synchronization
import XMPP

/// How many commands each person gives, so that nobody keeps us busy without end.
///
/// There is one for rooms, chats and forms together: whoever is told to wait in one of them is heard
/// in none. A lock rather than an actor: what it guards is touched for a moment, in the order of
/// arrival.
final class CommandDamper: Sendable {
    private let commands: Mutex<AnswerBudget>
    private let now: @Sendable () -> Duration

    init(perMinute: Int, now: @escaping @Sendable () -> Duration = CommandDialogue.timeSinceNow()) {
        commands = Mutex(AnswerBudget(perMinute, per: .seconds(60)))
        self.now = now
    }

    func verdict(on command: RoomCommand) -> AnswerBudget.Verdict {
        verdict(on: command.invoker, at: command.room)
    }

    /// Notes that somebody gives a command.
    ///
    /// - Parameters:
    ///   - invoker: Who it is: by address, by the id a room gives people, or by nick, the first that
    ///     is known.
    ///   - place: The room, if it is given in one or through one.
    /// - Returns: What to do with it.
    func verdict(on invoker: Invoker, at place: JID) -> AnswerBudget.Verdict {
        let name = invoker.occupantID ?? invoker.displayName
        guard let person = invoker.jid ?? (try? place.bare.with(resourcepart: name)) else {
            return .answer
        }
        return verdict(on: person)
    }

    func verdict(on person: JID) -> AnswerBudget.Verdict {
        let now = now()
        return commands.withLock { $0.spend(by: person, at: now) }
    }
}
