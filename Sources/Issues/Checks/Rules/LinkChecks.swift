extension IssueCheck {
    /// Links that readers see as brackets and parentheses.
    static let links = IssueCheck { subject, log in
        for flaw in LinkResidue.flaws(in: subject.text, of: subject.source) {
            log.warning(
                flaw.kind == .blankInAddress ? .linkBlank : .linkBroken,
                at: subject.source.place(ofByte: flaw.range.lowerBound),
                flaw.message,
                suggestion: flaw.suggestion,
                edit: flaw.suggestion.map { SourceEdit(range: flaw.range, replacement: $0) }
            )
        }
    }

    /// Links whose text and address name different specifications.
    static let specificationLinks = IssueCheck { subject, log in
        for link in subject.index.links {
            guard case .address(let address) = link.target else { continue }
            let named = Specification.numbers(in: link.content.plainText)
            let linked = Specification.numbers(in: address)
            guard let number = linked.first, linked.count == 1, !named.isEmpty,
                !named.contains(number)
            else { continue }
            let text = named.sorted().map { "XEP-\($0)" }.joined(separator: ", ")
            log.warning(
                .specificationMismatch,
                at: link.place,
                "The link says \(text) but leads to XEP-\(number). Correct one of them."
            )
        }
    }
}

extension LinkResidue.Flaw {
    fileprivate var message: String {
        switch kind {
        case .blankBetween:
            "This is no link: nothing may stand between ']' and '('. Delete the blank."
        case .roundBrackets:
            "This is no link: its text stands in round brackets. Use '[' and ']'."
        case .apart:
            "This is no link: other words stand between the text and its address. "
                + "Put the address right behind ']'."
        case .bracketNotClosed:
            "This is no link: its text is never closed. Put ']' before the address."
        case .bracketNotOpened:
            "This is no link: its text is never opened, or closed twice. Put '[' before the text."
        case .bracketDoubled:
            "This is no link: ']' stands there twice. Delete one."
        case .parenthesisDoubled:
            "This is no link: '(' stands there twice. Delete one."
        case .parenthesisNotClosed:
            "This is no link: its address never ends. Put ')' behind it."
        case .blankInAddress:
            "This is no link: there is a blank in its address. Delete it, or write '%20'."
        }
    }
}
