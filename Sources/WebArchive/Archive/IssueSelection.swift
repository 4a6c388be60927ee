import Issues

/// Tells which issues readers may see: not those that are yet to come, nor those withdrawn.
struct IssueSelection {
    let ledger: PublicationLedger
    let today: IssueDate
    let includesDrafts: Bool
    private let firstDay: IssueDate?

    init(ledger: PublicationLedger, today: IssueDate, includesDrafts: Bool) {
        self.ledger = ledger
        self.today = today
        self.includesDrafts = includesDrafts
        firstDay = ledger.firstDay
    }

    /// Whether an issue of that date belongs to the archive.
    ///
    /// What the ledger has counts. Without an entry in it, a file that is older than the first one
    /// was published before there was a ledger; a later one is a draft.
    func includes(_ key: PublicationLedger.Key, dated date: IssueDate?) -> Bool {
        if let entry = ledger.entries[key] { return !entry.isRetracted }
        if includesDrafts { return true }
        guard let date else { return firstDay == nil }
        if let firstDay, date >= firstDay { return false }
        return date <= today
    }
}
