/// One thing that happened to a specification, as a section of states tells it.
struct SpecificationEntry: Hashable {
    let state: SectionID

    /// The entry's words and addresses.
    let text: String
}

extension CheckSubject {
    /// The entries of the sections of states, without "none this month", and where they stand.
    var specificationEntries: [(entry: SpecificationEntry, place: SourcePlace)] {
        issue.outline.all.filter { $0.kind == .spec }.flatMap { section in
            section.parts.joined().flatMap { index -> [(SpecificationEntry, SourcePlace)] in
                guard let state = section.id, case .list(let list) = issue.body[index].content
                else { return [] }
                return list.items.compactMap { item in
                    guard let first = item.first, let text = first.entryText else { return nil }
                    return (SpecificationEntry(state: state, text: text), first.place)
                }
            }
        }
    }
}

extension Block {
    /// What an entry says, if it names a specification or a proposed one.
    fileprivate var entryText: String? {
        guard case .paragraph(let inlines) = content else { return nil }
        let addresses = BodyIndex([self]).links.map { $0.target.address(on: nil) }
        let text = ([inlines.plainText.joiningLines()] + addresses).joined(separator: " ")
        let names = !Specification.numbers(in: text).isEmpty || text.contains("/inbox/")
        return names ? text : nil
    }
}

extension IssueCheck {
    /// Entries that the issue before this one had already.
    static func repetitions(of previous: CheckSubject) -> IssueCheck {
        let told = Set(previous.specificationEntries.map(\.entry))
        return IssueCheck { subject, log in
            for (entry, place) in subject.specificationEntries where told.contains(entry) {
                log.warning(
                    .entryRepeated,
                    at: place,
                    "The issue \(previous.issue.id) has this entry already. Delete it, unless it "
                        + "happened again."
                )
            }
        }
    }
}
