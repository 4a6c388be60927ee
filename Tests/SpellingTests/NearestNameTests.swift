import Testing

@testable import Spelling

@Suite("The name somebody meant")
struct NearestNameTests {
    let names = ["publish", "preview", "issues", "status", "help"]

    @Test(
        "slips of the fingers are forgiven",
        arguments: [
            ("pubish", "publish"), ("ublish", "publish"), ("publihs", "publish"),
            ("Pubblish", "publish"), ("prewiev", "preview"), ("statsu", "status"),
            ("hlep", "help"), ("HELP", "help"), ("issue", "issues"), ("pub", "publish"),
            ("he", "help"),
        ]
    )
    func slips(word: String, meant: String) {
        #expect(NearestName.to(word, among: names) == meant)
    }

    @Test(
        "what is like nothing stays unknown",
        arguments: ["", "p", "frobnicate", "xx", "p u b", String(repeating: "help", count: 31)]
    )
    func unlike(word: String) {
        #expect(NearestName.to(word, among: names) == nil)
    }

    @Test("names made up from a title may differ more")
    func madeUp() {
        #expect(NearestName.to("what-is-new-server", among: ["new-servers"]) == nil)
        #expect(
            NearestName.to("what-is-new-server", among: ["new-servers"], tolerance: .half)
                == "new-servers"
        )
        #expect(NearestName.to("xyzzy", among: ["date", "title"], tolerance: .half) == nil)
    }

    @Test("an ambiguous beginning suggests nothing, equal likeness the first")
    func ties() {
        #expect(NearestName.to("pr", among: ["preview", "print"]) == nil)
        #expect(NearestName.to("cast", among: ["cart", "cost"]) == "cart")
        #expect(NearestName.to("cast", among: []) == nil)
    }

    @Test(
        "slips are counted",
        arguments: [
            ("", "", 0), ("", "abc", 3), ("abc", "", 3), ("abc", "acb", 1), ("abc", "abc", 0),
            ("kitten", "sitting", 3), ("Title", "title", 0), ("ca", "abc", 3), ("é", "e\u{301}", 0),
        ]
    )
    func counting(left: String, right: String, slips: Int) {
        #expect(EditDistance.between(left, right) == slips)
        #expect(EditDistance.between(right, left) == slips)
    }
}
