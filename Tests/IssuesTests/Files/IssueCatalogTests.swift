import Testing

@testable import Issues

@Suite struct IssueCatalogTests {
    private let catalog = IssueCatalog(
        [
            "2024-02-05-dispatch.md", "2024-02-05-dispatch.de.md", "2024-03-05-dispatch.md",
            "2024-04-05-dispatch.md", "2024-03-20-special.md",
        ].compactMap { IssueFileName($0) },
        defaultLanguage: "en"
    )
    private let march10 = IssueDate(year: 2024, month: 3, day: 10)

    private func resolve(_ name: String) throws -> IssueID {
        try catalog.resolve(name, today: #require(march10))
    }

    private func answer(to name: String) throws -> String {
        do {
            return try resolve(name).rawValue
        } catch let error as IssueNameError {
            return error.description
        }
    }

    @Test("issues are listed in order, with their languages")
    func listing() {
        #expect(
            catalog.entries.map(\.id) == [
                "2024-02-05-dispatch", "2024-03-05-dispatch", "2024-03-20-special",
                "2024-04-05-dispatch",
            ]
        )
        #expect(catalog["2024-02-05-dispatch"]?.languages == ["de", "en"])
    }

    @Test(
        "an issue may be named by its id, its file or an unambiguous beginning",
        arguments: [
            "2024-02-05-dispatch", "2024-02", "2024-02-05-dispatch.md", "2024-02-05-dispatch.de.md",
        ]
    )
    func names(name: String) throws {
        #expect(try resolve(name) == "2024-02-05-dispatch")
    }

    @Test("a beginning that fits several issues gets the candidates")
    func ambiguous() throws {
        #expect(
            try answer(to: "2024-03")
                == "'2024-03' can mean several issues; say which: 2024-03-05-dispatch, "
                + "2024-03-20-special."
        )
    }

    @Test("an id is meant exactly, even if another one begins with it")
    func exactBeatsPrefix() throws {
        let names = ["spring.md", "spring-extra.md"].compactMap { IssueFileName($0) }
        let catalog = IssueCatalog(names, defaultLanguage: "en")
        #expect(try catalog.resolve("spring", today: #require(march10)) == "spring")
    }

    @Test("a name that fits nothing gets the nearest, and so does no name")
    func noMatch() throws {
        let answer = try answer(to: "2024-05")
        #expect(answer.hasPrefix("There is no issue '2024-05'. The nearest: 2024-04-05-dispatch"))
        #expect(try self.answer(to: "").hasPrefix("There is no issue ''."))
    }

    @Test("latest is the last one that is out, next the first one that is not")
    func latestAndNext() throws {
        #expect(try resolve("latest") == "2024-03-05-dispatch")
        #expect(try resolve("Next") == "2024-03-20-special")
        let day = try #require(IssueDate("2024-03-20"))
        #expect(try catalog.resolve("latest", today: day) == "2024-03-20-special")
        #expect(try catalog.resolve("next", today: day) == "2024-04-05-dispatch")
    }

    @Test("without a next, a latest or any issue at all, the answer says so")
    func nothingThere() throws {
        let early = try #require(IssueDate("2020-01-01"))
        let late = try #require(IssueDate("2030-01-01"))
        #expect(throws: IssueNameError.noLatest) { try catalog.resolve("latest", today: early) }
        #expect(throws: IssueNameError.noNext) { try catalog.resolve("next", today: late) }
        let empty = IssueCatalog([IssueFileName](), defaultLanguage: "en")
        #expect(throws: IssueNameError.none) { try empty.resolve("latest", today: late) }
    }

    @Test("of two files for one language the one without suffix counts, and the other is told of")
    func surplus() {
        let names = ["spring.en.md", "spring.md"].compactMap { IssueFileName($0) }
        let entry = IssueCatalog(names, defaultLanguage: "en")["spring"]
        #expect(entry?.files["en"]?.rawValue == "spring.md")
        #expect(entry?.surplus.map(\.rawValue) == ["spring.en.md"])
    }
}
