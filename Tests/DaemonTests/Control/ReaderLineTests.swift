import Storage
import Testing
import XMPP

@testable import Daemon

@Suite("A reader as a line")
struct ReaderLineTests {
    @Test("who has paused stays so, and who gets nothing is not brought along")
    func states() throws {
        #expect(try #require(ReaderLine("a@b,verse,chat,full,paused")).choice.isDelivered == false)
        for state in ["", "subscribed"] {
            let reader = try #require(ReaderLine("a@b,verse,chat,full,\(state)"))
            #expect(reader.choice.isDelivered && !reader.isOut)
        }
        for state in ["pending", "suspended"] {
            #expect(try #require(ReaderLine("a@b,verse,chat,full,\(state)")).isOut)
        }
    }

    @Test("a first line may name the columns, or the first of them")
    func heading() {
        for line in [ReaderLine.heading, "address,node", "address,node,form"] {
            #expect(ReaderLine.isHeading(line), "\(line)")
        }
        for line in ["", "a", "address@verona.lit,node", "juliet@verona.lit,verse"] {
            #expect(!ReaderLine.isHeading(line), "\(line)")
        }
    }

    @Test("what is left out is the default, and what stands behind is not looked at")
    func read() throws {
        let short = try #require(ReaderLine("juliet@verona.lit,verse"))
        #expect(short.choice == DeliveryChoice())
        #expect(short.node.rawValue == "verse")
        let long = try #require(ReaderLine("juliet@verona.lit,verse,chat,full,paused,2026-01-01"))
        #expect(long.choice.form == .chat && long.choice.amount == .full)
        #expect(ReaderLine("juliet@verona.lit,verse,event,,subscribed")?.choice.form == .event)
    }

    @Test(
        "what is none is refused",
        arguments: [
            "", "juliet@verona.lit", "@,verse", "a@b,", "a@b,verse,telegram", "a@b,verse,chat,some",
        ]
    )
    func refused(line: String) {
        #expect(ReaderLine(line) == nil)
    }

    @Test("an address may have commas and, in its resource, quotes")
    func quoted() throws {
        let address = #"a,b@verona.lit/the "real" one, really"#
        let line = ReaderLine.line([address, "verse", "chat", "short"])
        #expect(line == #""a,b@verona.lit/the ""real"" one, really",verse,chat,short"#)
        #expect(ReaderLine(line)?.jid == (try JID(address)))
        #expect(ReaderLine(line)?.choice.form == .chat)
    }
}
