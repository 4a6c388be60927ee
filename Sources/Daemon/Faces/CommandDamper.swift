import Commands
import Newsroom
import Readers
import Synchronization
import XMPP

/// How many commands each person gives in a room, so that nobody keeps it busy without end.
///
/// A lock rather than an actor: what it guards is touched for a moment, in the order of arrival.
final class CommandDamper: Sendable {
    private let commands: Mutex<AnswerBudget>
    private let now: @Sendable () -> Duration

    init(perMinute: Int, now: @escaping @Sendable () -> Duration = CommandDialogue.timeSinceNow()) {
        commands = Mutex(AnswerBudget(perMinute, per: .seconds(60)))
        self.now = now
    }

    func verdict(on command: RoomCommand) -> AnswerBudget.Verdict {
        guard let person = command.person else { return .answer }
        let now = now()
        return commands.withLock { $0.spend(by: person, at: now) }
    }
}

extension RoomCommand {
    /// Who gave it: by address, by the id the room gives people, or by nick, the first that is known.
    fileprivate var person: JID? {
        invoker.jid ?? (try? room.with(resourcepart: invoker.occupantID ?? invoker.displayName))
    }
}
