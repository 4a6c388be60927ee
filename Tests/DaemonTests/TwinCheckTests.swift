import Component
import Logging
import Testing
import XML
import XMPP

@testable import Daemon

@Suite("Twin check")
struct TwinCheckTests {
    /// A server that gives back some of what we send to ourselves.
    private struct Echo: StanzaStream {
        let check: Handed
        let isPassed: @Sendable (Int) -> Bool
        let sent = Counter()

        func send(_ stanza: Stanza) async throws(StreamClosed) {
            guard case .message(let message) = stanza else { return }
            let number = await sent.next()
            guard let domain = message.to, isPassed(number),
                let token = TwinCheck.token(in: message, domain: domain)
            else { return }
            await check.check?.received(token)
        }

        func write(_ bytes: [UInt8]) async throws(StreamClosed) {}

        func request(_ iq: IQ, timeout: Duration?) async throws(RequestFailure) -> IQ {
            throw .timedOut
        }
    }

    private actor Handed {
        var check: TwinCheck?

        func hand(_ check: TwinCheck) {
            self.check = check
        }
    }

    private actor Counter {
        private var count = 0

        func next() -> Int {
            count += 1
            return count
        }
    }

    private func hasTwin(_ isPassed: @escaping @Sendable (Int) -> Bool) async throws -> Bool {
        let handed = Handed()
        let check = TwinCheck(
            domain: try JID("news.verona.lit"),
            patience: .milliseconds(1),
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        )
        await handed.hand(check)
        await check.run(on: Echo(check: handed, isPassed: isPassed))
        return await check.hasTwin
    }

    @Test("all tokens come back: we are alone")
    func alone() async throws {
        #expect(try await !hasTwin { _ in true })
    }

    @Test("some tokens are lost: somebody else has got them")
    func twin() async throws {
        #expect(try await hasTwin { $0.isMultiple(of: 2) })
        #expect(try await hasTwin { $0 != 7 })
    }

    @Test("a server that gives nothing back tells nothing")
    func silent() async throws {
        #expect(try await !hasTwin { _ in false })
    }

    @Test("a token from anybody else counts for nothing")
    func forged() throws {
        let domain = try JID("news.verona.lit")
        let token = Element("token", in: "urn:broadsheet:echo:0")
        let forged = Message(.normal, from: try JID("tybalt@verona.lit"), to: domain) { token }
        #expect(TwinCheck.token(in: forged, domain: domain) == nil)
        let own = Message(.normal, from: domain, to: domain) { token }
        #expect(TwinCheck.token(in: own, domain: domain) == "")
    }
}
