import NIOCore
import NIOEmbedded
import Testing
import XML

@testable import Component

@Suite("From bytes to batches")
struct StreamHandlerTests {
    private let channel: EmbeddedChannel
    private let document = """
        <?xml version='1.0'?><stream:stream xmlns='jabber:component:accept' \
        xmlns:stream='http://etherx.jabber.org/streams' id='1'>\
        <message from='a@b' to='c'><body>Grüße 🌍 &amp; more</body></message> \
        <iq type='get' id='2' from='a@b' to='c'><ping xmlns='urn:xmpp:ping'/></iq></stream:stream>
        """

    init() throws {
        channel = EmbeddedChannel(handler: StreamHandler(limits: ParserLimits()))
        try channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1)).wait()
    }

    /// One read of the socket, which may come in several buffers.
    private func read(_ chunks: [some Sequence<UInt8>]) throws -> StreamBatch? {
        for chunk in chunks {
            channel.pipeline.fireChannelRead(ByteBuffer(bytes: chunk))
        }
        channel.pipeline.fireChannelReadComplete()
        return try channel.readInbound(as: StreamBatch.self)
    }

    @Test("what was read before the connection broke comes before the news of that")
    func brokenAfterReading() throws {
        channel.pipeline.fireChannelRead(ByteBuffer(string: document))
        channel.pipeline.fireErrorCaught(ChannelError.inputClosed)
        let batch = try channel.readInbound(as: StreamBatch.self)
        #expect(batch?.events.last == .closed)
        #expect(throws: ChannelError.inputClosed) { try channel.throwIfErrorCaught() }
    }

    @Test("all of one read comes as one batch, in order")
    func oneBatch() throws {
        let bytes = Array(document.utf8)
        let batch = try #require(try read([bytes[..<100], bytes[100..<250], bytes[250...]]))
        #expect(batch.failure == nil)
        #expect(batch.events.count == 4)
        guard case .opened(let header) = batch.events[0],
            case .element(let message) = batch.events[1],
            case .element(let iq) = batch.events[2]
        else {
            Testing.Issue.record("unexpected events \(batch.events)")
            return
        }
        #expect(header["id"] == "1")
        #expect(message.child("body")?.text == "Grüße 🌍 & more")
        #expect(iq["id"] == "2")
        #expect(batch.events[3] == .closed)
        #expect(try channel.readInbound(as: StreamBatch.self) == nil)
    }

    @Test("byte by byte, each stanza comes with its last byte and not later")
    func byteByByte() throws {
        let whole = try #require(try read([document.utf8]))
        let other = try StreamHandlerTests()
        var events: [Parser.Event] = []
        var seen = ""
        for byte in document.utf8 {
            let batch = try #require(try other.read([[byte]]))
            seen.unicodeScalars.append(Unicode.Scalar(byte))
            events += batch.events
            for event in batch.events {
                guard case .element(let element) = event else { continue }
                #expect(seen.hasSuffix("</\(element.name)>"))
            }
        }
        #expect(events == whole.events)
    }

    @Test("white space alone makes an empty batch: a sign of life")
    func whiteSpace() throws {
        let header = try #require(document.firstRange(of: "<message"))
        _ = try read([document[..<header.lowerBound].utf8])
        #expect(try read([" \n".utf8]) == StreamBatch())
    }

    @Test("what was complete before bad XML still counts; what follows does not")
    func badXML() throws {
        let bad = document.replacing(" <iq", with: "<!-- no --><iq")
        let batch = try #require(try read([bad.utf8]))
        #expect(batch.events.count == 2)
        #expect(batch.failure == .restricted(what: "a comment", line: 1))
        #expect(try read(["<message/>".utf8]) == nil)
    }

    @Test("a stanza over the limit is skipped, and the next one read")
    func oversized() throws {
        let limits = ParserLimits(maximumStanzaSize: 10_000)
        let channel = EmbeddedChannel(handler: StreamHandler(limits: limits))
        let large = String(repeating: "x", count: 20_000)
        let text = document.replacing("more", with: large)
        channel.pipeline.fireChannelRead(ByteBuffer(string: text))
        channel.pipeline.fireChannelReadComplete()
        let batch = try #require(try channel.readInbound(as: StreamBatch.self))
        guard case .skipped(let envelope, let size) = batch.events[1] else {
            Testing.Issue.record("not skipped: \(batch.events[1])")
            return
        }
        #expect(envelope["from"] == "a@b" && envelope.children.isEmpty)
        #expect(size > 20_000 && size < 20_200)
        #expect(batch.events.count == 4)
    }

    @Test("what came before the end of the connection is not lost with it")
    func inactive() throws {
        channel.pipeline.fireChannelRead(ByteBuffer(string: document))
        channel.pipeline.fireChannelInactive()
        #expect(try channel.readInbound(as: StreamBatch.self)?.events.count == 4)
    }
}
