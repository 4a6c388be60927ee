import Testing

@testable import Issues

@Suite struct WebSiteTests {
    private func address(_ title: String, file: String, of site: WebSite) throws -> String {
        let date = try #require(IssueDate("2026-03-05"))
        let name = try #require(IssueFileName(file))
        return site.address(of: FrontMatter(title: title, date: date), in: name)
    }

    @Test(
        "a title becomes a path as Hugo makes it",
        arguments: [
            ("The Verona Dispatch, 30 March", "the-verona-dispatch-30-march"),
            ("Décembre 2023 & janvier 2024", "décembre-2023-janvier-2024"),
            ("A - B -- C", "a-b--c"),
            ("  Two  houses!  ", "two-houses"),
            ("L’été d'août", "lété-daoût"),
            ("1.2_3+4~5@6", "1.2_3+4~5@6"),
            ("C#: what / why?", "c-what-why"),
        ]
    )
    func slugs(title: String, slug: String) {
        #expect(WebSite.slug(title) == slug)
    }

    @Test("the default language has no path of its own, the others have")
    func languages() throws {
        let site = WebSite(base: "https://verona.example", defaultLanguage: "en")
        #expect(
            try address("Peace", file: "2026-03-05-a.md", of: site)
                == "https://verona.example/2026/03/peace/"
        )
        #expect(
            try address("März", file: "2026-03-05-a.pt-br.md", of: site)
                == "https://verona.example/pt-br/2026/03/m%C3%A4rz/"
        )
    }

    @Test("other sites say how their addresses are made")
    func permalinks() throws {
        let site = WebSite(
            base: "https://verona.example/news/",
            permalink: "/:year-:month-:day/:filename.html",
            defaultLanguage: "en"
        )
        #expect(
            try address("Peace", file: "2026-03-05-a.md", of: site)
                == "https://verona.example/news/2026-03-05/2026-03-05-a.html"
        )
    }
}
