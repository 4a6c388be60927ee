extension IssueCheck {
    /// Entries of the section of events all whose dates lie before the issue's.
    static let events = IssueCheck { subject, log in
        guard let section = subject.issue.outline["events"] else { return }
        let today = subject.issue.frontMatter.date
        for index in section.parts.joined() {
            guard case .list(let list) = subject.issue.body[index].content else { continue }
            for item in list.items {
                let dates = EventDates.all(
                    in: item.map(\.words).joined(separator: " "),
                    near: today
                )
                guard let last = dates.max(), last < today, let place = item.first?.place else {
                    continue
                }
                log.warning(
                    .eventOver,
                    at: place,
                    "This event seems to be over: it was on \(last), and the issue is of \(today). "
                        + "Delete it, or correct the date."
                )
            }
        }
    }
}

extension Block {
    /// The words of the block without addresses.
    fileprivate var words: String {
        switch content {
        case .heading(let heading): heading.text.plainText
        case .paragraph(let text): text.plainText
        case .list(let list):
            list.items.joined().map(\.words).joined(separator: " ; ")
        case .quote(let blocks): blocks.map(\.words).joined(separator: " ; ")
        case .table(let table):
            (table.header + table.rows.joined()).map(\.plainText).joined(separator: " ; ")
        case .figure(let figure): figure.caption.plainText
        case .code, .subscribeBox, .thematicBreak: ""
        }
    }
}
