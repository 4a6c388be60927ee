import Commands
import Newsroom
import Readers
import XMPP

/// To whom we answer in a room where we are a guest, and how often.
///
/// In such a room there may be other bots, which answer us as we answer them.
struct GuestManners {
    enum Verdict: Hashable {
        case answer
        /// It is the first one too many.
        case warn
        /// They are told, once, that they have nothing to decide here.
        case onlyAdmins
        case ignore
    }

    private let commands: CommandDamper
    private let now: @Sendable () -> Duration
    /// Strangers by their nick, and together: a nick is soon another.
    private var strangers = AnswerBudget(1, per: .seconds(86_400))
    private var crowd: AnswerBudget
    /// What is no command of ours; a person finds the right word in so many.
    private var mistakes: AnswerBudget
    private var inviters: AnswerBudget
    /// The limits that were told of, in this hour.
    private var told: [GuestRoomAlarm: Duration] = [:]

    init(
        _ limits: GuestLimits,
        _ commands: CommandDamper,
        now: @escaping @Sendable () -> Duration = CommandDialogue.timeSinceNow()
    ) {
        let hour = Duration.seconds(3_600)
        self.commands = commands
        crowd = AnswerBudget(limits.strangersPerHour, per: hour)
        mistakes = AnswerBudget(limits.mistakesPerHour, per: hour)
        inviters = AnswerBudget(limits.invitationsPerHour, per: hour)
        self.now = now
    }

    /// Notes the invitation and tells whether to follow it.
    mutating func follow(_ invitation: RoomInvitation) -> Bool {
        inviters.spend(by: invitation.voucher, at: now()) == .answer
    }

    /// Whether the newsrooms are to be told of a limit that was reached: once in an hour.
    mutating func alarms(about limit: GuestRoomAlarm) -> Bool {
        let now = now()
        told = told.filter { now - $0.value < .seconds(3_600) }
        guard told[limit] == nil else { return false }
        told[limit] = now
        return true
    }

    /// Notes the line and tells what to do with it.
    mutating func verdict(on command: RoomCommand, isUnderstood: Bool) -> Verdict {
        // So does another bot answer what we have said.
        if command.isReply, !isUnderstood { return .ignore }
        guard let nick = try? command.room.with(resourcepart: command.invoker.displayName) else {
            return .ignore
        }
        guard command.invoker.role >= .publisher else {
            let isNew = strangers.spend(by: nick, at: now()) == .answer
            let isCalm = isNew && crowd.spend(by: command.room, at: now()) == .answer
            return isCalm ? .onlyAdmins : .ignore
        }
        if !isUnderstood, mistakes.spend(by: nick, at: now()) != .answer { return .ignore }
        // All of the room together: it vouches for no nick, and an address it shows may be anybody's.
        return switch commands.verdict(on: command.room) {
        case .answer: .answer
        case .warn: .warn
        case .ignore: .ignore
        }
    }
}
