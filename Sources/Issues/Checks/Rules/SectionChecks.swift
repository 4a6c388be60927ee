extension IssueCheck {
    /// Sections that stand there twice, that nobody knows, or that are missing.
    static let sections = IssueCheck { subject, log in
        guard let taxonomy = subject.taxonomy else { return }
        let sections = subject.issue.outline.all
        for section in sections {
            for index in section.headings.dropFirst() {
                log.warning(
                    .sectionDuplicate,
                    at: subject.issue.body[index].place,
                    "The section '\(section.title)' stands there twice; readers of topics get "
                        + "both parts as one. Move this part up to the first, or rename it."
                )
            }
        }
        // Where nearly nothing is known, the taxonomy is another newsletter's.
        let known = sections.count { $0.id != nil }
        guard known * 2 > sections.count else { return }
        for section in sections where section.id == nil {
            guard let index = section.headings.first else { continue }
            log.warning(
                .sectionUnknown,
                at: subject.issue.body[index].place,
                "No section is called '\(section.title)'. Correct it, put it one level down, or "
                    + "add it to the taxonomy."
            )
        }
        for entry in taxonomy.entries
        where entry.isRequired && subject.issue.outline[entry.id] == nil {
            log.warning(
                .sectionMissing,
                at: subject.titlePlace,
                "The section '\(entry.title(in: subject.issue.language))' is missing. Add it."
            )
        }
    }
}
