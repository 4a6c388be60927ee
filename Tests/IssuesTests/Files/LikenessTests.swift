import Testing

@testable import Issues

@Suite struct LikenessTests {
    @Test("distances count what a typing mistake does")
    func distances() {
        #expect(Likeness.distance("title", "title") == 0)
        #expect(Likeness.distance("titel", "title") == 1)
        #expect(Likeness.distance("tile", "title") == 1)
        #expect(Likeness.distance("Title", "title") == 0)
        #expect(Likeness.distance("", "abc") == 3)
        #expect(Likeness.distance("abc", "") == 3)
        #expect(Likeness.distance("kitten", "sitting") == 3)
    }

    @Test("only what is like enough was meant")
    func nearest() {
        #expect(Likeness.nearest(to: "titel", among: ["date", "title"]) == "title")
        #expect(Likeness.nearest(to: "xyzzy", among: ["date", "title"]) == nil)
        #expect(Likeness.nearest(to: "a", among: [String]()) == nil)
    }
}
