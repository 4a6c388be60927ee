import Testing
import XML
import XMPP

@Suite("Result sets (XEP-0059)")
struct ResultSetTests {
    @Test(
        "a request survives the wire",
        arguments: [
            ResultSetRequest(), ResultSetRequest(max: 0), ResultSetRequest(max: 10, after: "a"),
            ResultSetRequest(max: 10, before: ""), ResultSetRequest(max: 10, before: "<&'\">"),
            ResultSetRequest(max: 10, index: 0),
        ]
    )
    func requests(request: ResultSetRequest) throws {
        let written = try Element(xml: request.element.xml())
        #expect(ResultSetRequest(written) == request)
    }

    @Test("asking for the last page is not the same as not saying where (§2.5)")
    func lastPage() throws {
        let last = try Element(
            xml: "<set xmlns='http://jabber.org/protocol/rsm'><max>5</max><before/></set>"
        )
        #expect(ResultSetRequest(last) == ResultSetRequest(max: 5, before: ""))
        #expect(ResultSetRequest(max: 5).element.child("before") == nil)
    }

    @Test("a number that is none counts as absent", arguments: ["", "ten", "-1", "1.5", "1e3"])
    func noNumber(text: String) throws {
        let element = Element("set", in: .resultSets) {
            Element("max") { text }
            Element("index") { text }
            Element("count") { text }
        }
        #expect(ResultSetRequest(element) == ResultSetRequest())
        #expect(ResultSetPage(element).count == nil)
    }

    @Test("a number beyond every list counts as absent, and nothing traps")
    func hugeNumber() {
        let element = Element("set", in: .resultSets) {
            Element("max") { "99999999999999999999999999" }
        }
        #expect(ResultSetRequest(element).max == nil)
    }

    @Test(
        "a page survives the wire",
        arguments: [
            ResultSetPage(first: nil, last: nil, count: 0),
            ResultSetPage(first: "a", last: "b", firstIndex: 3, count: 8),
            ResultSetPage(first: "a", last: "a"),
        ]
    )
    func pages(page: ResultSetPage) throws {
        #expect(ResultSetPage(try Element(xml: page.element.xml())) == page)
    }

    @Test("elements of other namespaces in a set are not taken for its own")
    func foreign() throws {
        let element = try Element(
            xml: """
                <set xmlns='http://jabber.org/protocol/rsm'><max xmlns='urn:x'>7</max></set>
                """
        )
        #expect(ResultSetRequest(element).max == nil)
    }
}
