import Testing
import XMPP

@testable import PubSub

@Suite("Pages of a list (XEP-0059)")
struct ListSliceTests {
    static let ids = ["a", "b", "c", "d", "e"]

    static let pages: [(ResultSetRequest, String)] = [
        (ResultSetRequest(), "abcde"),
        (ResultSetRequest(max: 2), "ab"),
        (ResultSetRequest(max: 0), ""),
        (ResultSetRequest(max: 9), "abcde"),
        (ResultSetRequest(max: 2, after: "b"), "cd"),
        (ResultSetRequest(after: "b"), "cde"),
        (ResultSetRequest(max: 2, after: "e"), ""),
        (ResultSetRequest(max: 2, before: ""), "de"),
        (ResultSetRequest(before: ""), "abcde"),
        (ResultSetRequest(max: 2, before: "d"), "bc"),
        (ResultSetRequest(before: "d"), "abc"),
        (ResultSetRequest(max: 2, before: "a"), ""),
        (ResultSetRequest(max: 2, after: "a", before: "e"), "cd"),
        (ResultSetRequest(after: "d", before: "b"), ""),
        (ResultSetRequest(max: 2, index: 3), "de"),
        (ResultSetRequest(max: 1, index: 0), "a"),
    ]

    @Test("each request has its page", arguments: pages)
    func page(request: ResultSetRequest, entries: String) throws {
        let slice = try ListSlice(of: Self.ids, request)
        #expect(Self.ids[slice.range].joined() == entries)
        let page = slice.page(of: Self.ids)
        #expect(page.count == 5)
        #expect(page.first == entries.first.map { String($0) })
        #expect(page.last == entries.last.map { String($0) })
        #expect(page.firstIndex == page.first.flatMap { Self.ids.firstIndex(of: $0) })
    }

    @Test(
        "an entry that is not there, or a place behind the end, is not found (§2.7)",
        arguments: [
            ResultSetRequest(max: 1, after: "x"), ResultSetRequest(max: 1, before: "x"),
            ResultSetRequest(max: 1, index: 5), ResultSetRequest(after: ""),
        ]
    )
    func missing(request: ResultSetRequest) {
        #expect(throws: PubSubError.self) { try ListSlice(of: Self.ids, request) }
    }

    @Test("an empty list has an empty first page")
    func empty() throws {
        for request in [ResultSetRequest(max: 3, index: 0), ResultSetRequest(before: "")] {
            let page = try ListSlice(of: [], request).page(of: [])
            #expect(page == ResultSetPage(first: nil, last: nil, count: 0))
        }
    }

    @Test("a page that must be shorter keeps the end it was asked from")
    func shortened() throws {
        let forwards = try ListSlice(of: Self.ids, ResultSetRequest(max: 4))
        #expect(Self.ids[forwards.shortened(to: 2).range].joined() == "ab")
        let backwards = try ListSlice(of: Self.ids, ResultSetRequest(max: 4, before: ""))
        #expect(Self.ids[backwards.shortened(to: 2).range].joined() == "de")
        #expect(backwards.shortened(to: 4) == backwards)
    }
}
