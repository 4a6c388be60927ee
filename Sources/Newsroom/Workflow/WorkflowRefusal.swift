import Storage

/// Why an issue can't go on from the state it is in.
enum WorkflowRefusal: Error, Hashable, CustomStringConvertible {
    /// It has a time, which somebody would have to take off first.
    case scheduledAlready(PublicationSchedule)
    /// It has a time, and was to be published without a word about that.
    case waits(PublicationSchedule)
    case notScheduled
    /// Too few people let it go out; a line for each language that lacks some.
    case notApproved(ApprovalRules, [String])
    /// Somebody else was faster: the schedule is another one by now, or none.
    case superseded

    var description: String {
        switch self {
        case .scheduledAlready(let schedule):
            "It is scheduled for \(Wording.moment(of: schedule)) already, by \(schedule.person) "
                + "\(schedule.place). “unschedule” takes that off."
        case .waits(let schedule):
            "It is scheduled for \(Wording.moment(of: schedule)), by \(schedule.person) "
                + "\(schedule.place). “publish ISSUE now” does not wait for that, and "
                + "“unschedule ISSUE” takes it off."
        case .notScheduled:
            "It is not scheduled."
        case .notApproved(let rules, let lines):
            (["\(Wording.count(rules.needed, "approval")) needed\(Self.whose(rules)):"] + lines + [
                "“approve ISSUE” gives one."
            ]).joined(separator: "\n")
        case .superseded:
            "Its schedule was changed at the same moment."
        }
    }

    private static func whose(_ rules: ApprovalRules) -> String {
        rules.fourEyes ? ", from others than who publishes" : ""
    }
}
