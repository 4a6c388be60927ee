import Issues

/// The page with the search and the register of names.
extension PageMaker {
    func search(_ language: String) -> String {
        let issues = contents.issues[language] ?? []
        let letters = NameRegister(issues).letters.enumerated().map { number, letter in
            letterGroup(number, letter.letter, letter.names)
        }
        let own: TemplateGroup = [
            "search": .group([
                "index": .text(map.path(map.index(language))),
                "hasLetters": .flag(letters.count > 1),
                "letters": .list(letters),
            ])
        ]
        return page("search", .search, language, title: words(language)["search"], own)
    }

    private func letterGroup(
        _ number: Int,
        _ letter: String,
        _ names: [NameRegister.Name]
    ) -> TemplateGroup {
        let entries = names.map { name -> TemplateGroup in
            let issues = name.issues.map { archived in
                reference(archived).merging(["month": .text("\(archived.date)".prefix7)])
            }
            return ["word": .text(name.name), "issues": .list(issues)]
        }
        return [
            "number": .text("\(number + 1)"), "letter": .text(letter), "entries": .list(entries),
        ]
    }
}

extension String {
    /// The year and month of a date: `2026-03`.
    fileprivate var prefix7: String { String(prefix(7)) }
}
