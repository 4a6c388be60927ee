import Localization
import Storage

/// Why an issue can't go on from the state it is in.
enum WorkflowRefusal: Explained, Hashable {
    /// It has a time, which somebody would have to take off first.
    case scheduledAlready(PublicationSchedule)
    /// It has a time, and was to be published without a word about that.
    case waits(PublicationSchedule)
    case notScheduled
    /// Too few people let it go out: those who do, by name, in each language that lacks some.
    case notApproved(ApprovalRules, [ApprovalTally.Shortage])
    /// Somebody else was faster: the schedule is another one by now, or none.
    case superseded

    func explanation(in texts: Texts) -> String {
        switch self {
        case .scheduledAlready(let schedule):
            return texts("refusal.scheduled", Self.facts(schedule, texts))
        case .waits(let schedule):
            return texts("refusal.waits", Self.facts(schedule, texts))
        case .notScheduled:
            return texts("refusal.notScheduled")
        case .notApproved(let rules, let shortages):
            let head =
                rules.fourEyes
                ? texts("refusal.approvalsOfOthers", count: rules.needed)
                : texts("refusal.approvals", count: rules.needed)
            let lines = shortages.map { "- \($0.language): \(rules.words($0.names, texts))" }
            return ([head] + lines + [texts("refusal.approve")])
                .joined(separator: "\n")
        case .superseded:
            return texts("refusal.superseded")
        }
    }

    private static func facts(
        _ schedule: PublicationSchedule,
        _ texts: Texts
    ) -> [String: any CustomStringConvertible] {
        [
            "moment": Wording.moment(of: schedule), "person": schedule.person,
            "place": texts.place(schedule.place),
        ]
    }
}
