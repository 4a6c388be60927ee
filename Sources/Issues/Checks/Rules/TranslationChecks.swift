extension IssueCheck {
    /// What a translation has lost or gained on the way from its original.
    static func drift(from original: CheckSubject) -> IssueCheck {
        IssueCheck { subject, log in
            subject.compareTitles(original, &log)
            subject.compareSpecifications(original, &log)
            subject.compareFigures(original, &log)
            subject.compareLinks(original, &log)
            subject.compareSections(original, &log)
        }
    }
}

extension CheckSubject {
    fileprivate func compareTitles(_ original: CheckSubject, _ log: inout FindingLog) {
        let title = SectionTitle(issue.title).folded
        guard title == SectionTitle(original.issue.title).folded else { return }
        log.warning(
            .titleUntranslated,
            at: titlePlace,
            "The title is still the original's, '\(original.issue.title)'. Translate it."
        )
    }

    fileprivate func compareSpecifications(_ original: CheckSubject, _ log: inout FindingLog) {
        let here = specifications
        let there = original.specifications
        report(.driftSpecifications, "names", there.subtracting(here).map { "XEP-\($0)" }, &log)
        report(.driftSpecifications, nil, here.subtracting(there).map { "XEP-\($0)" }, &log)
    }

    fileprivate func compareFigures(_ original: CheckSubject, _ log: inout FindingLog) {
        let here = Set(issue.imageSources)
        let there = Set(original.issue.imageSources)
        report(.driftFigures, "shows", there.subtracting(here), &log)
        report(.driftFigures, nil, here.subtracting(there), &log)
    }

    /// A translation may lead to pages in its own language instead, so only links that are missing
    /// without another one in their place are told of.
    fileprivate func compareLinks(_ original: CheckSubject, _ log: inout FindingLog) {
        let here = addresses
        let there = original.addresses
        let missing = there.subtracting(here)
        guard missing.count > here.subtracting(there).count else { return }
        report(.driftLinks, "links to", missing, &log)
    }

    fileprivate func compareSections(_ original: CheckSubject, _ log: inout FindingLog) {
        let here = Set(newsSections)
        let missing = original.newsSections.filter { !here.contains($0) }
        let titles = missing.compactMap { original.issue.outline[$0]?.title }
        report(.driftSections, "has", titles, &log)
    }

    private var addresses: Set<String> {
        Set(
            index.links.compactMap { link in
                if case .address(let address) = link.target { address } else { nil }
            }
        )
    }

    private var newsSections: [SectionID] {
        issue.outline.all.filter { $0.kind != .boilerplate }.compactMap(\.id)
    }

    /// `verb` says what the original does and the translation does not; nil turns them round.
    private func report(
        _ rule: IssueRule,
        _ verb: String?,
        _ things: some Collection<String>,
        _ log: inout FindingLog
    ) {
        guard !things.isEmpty else { return }
        let some = things.sorted().prefix(3).joined(separator: ", ")
        let list = things.count > 3 ? "\(some) and \(things.count - 3) more" : some
        let message =
            verb.map { "The original \($0) \(list), the translation does not. Compare them." }
            ?? "The translation has \(list), the original has not. Compare them."
        log.warning(rule, at: titlePlace, message)
    }
}
