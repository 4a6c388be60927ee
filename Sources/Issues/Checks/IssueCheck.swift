/// Looks for one sort of mistake in an issue.
struct IssueCheck: Sendable {
    private let look: @Sendable (CheckSubject, inout FindingLog) -> Void

    init(_ look: @escaping @Sendable (CheckSubject, inout FindingLog) -> Void) {
        self.look = look
    }

    func callAsFunction(_ subject: CheckSubject, _ log: inout FindingLog) {
        look(subject, &log)
    }

    /// The checks of an issue by itself.
    static let all: [IssueCheck] = [
        links, specificationLinks, headings, bullets, letters, figures, figureLines, sections,
        events,
    ]
}
