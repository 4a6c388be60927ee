import Component
import Storage
import Synchronization
import XML
import XMPP

@testable import Delivery

/// A server with a multicast service (XEP-0033), which does what is handed to it in order.
final class MulticastServer: StanzaStream {
    /// What the service does with the stanzas that come to it, counted from 1.
    enum Service: Sendable {
        case missing
        /// Answers nothing, and is never handed anything.
        case silent
        case works
        /// Refuses those, and says so before it answers the question behind them; and again when
        /// most have been written to singly by then.
        case refuses(ClosedRange<Int>)
        /// Is gone from that one on, and silent or named as missing by the server.
        case ends(at: Int, silently: Bool)
        /// Loses that one and the question behind it, and then works as if nothing had been.
        case restarts(at: Int)
        /// Refuses that one, a while after it was asked behind it.
        case refusesSlowly(Int)
        /// Refuses something else when that one comes.
        case complains(of: String, at: Int)
    }

    /// What came to a reader.
    struct Copy: Hashable {
        let reader: String
        let id: String
        /// Which stanza to the service it was; nil if it was none.
        let stanza: Int?
        let sender: String
        let body: Element?
    }

    private struct State {
        var copies: [Copy] = []
        var stanzas = 0
        var questions = 0
        var writes = 0
        var mostAddresses = 0
        var largest = 0
        var isLosing = false
        var pending: [Message] = []
        var refusals: [Message] = []
        var pings = 0
    }

    static let service = "multicast.verona.lit"
    /// At which ping a refusal comes once more.
    private static let lateness = 7

    private let behaviour: Service
    private let limit: Int?
    private let refusals: Mutex<MulticastRefusals?> = Mutex(nil)
    private let diesAtWrite: Int?
    private let took: @Sendable (Int) -> Void
    private let beforeWrite: @Sendable (Int) async -> Void
    private let state = Mutex(State())

    /// Makes a server that tells `took` of each stanza to the service, and `beforeWrite` of each write
    /// before it happens, counted from 1.
    init(
        _ behaviour: Service,
        limit: Int? = nil,
        diesAtWrite: Int? = nil,
        took: @escaping @Sendable (Int) -> Void = { _ in },
        beforeWrite: @escaping @Sendable (Int) async -> Void = { _ in }
    ) {
        self.took = took
        self.beforeWrite = beforeWrite
        self.behaviour = behaviour
        self.limit = limit
        self.diesAtWrite = diesAtWrite
    }

    var copies: [Copy] { state.withLock { $0.copies } }
    /// How many stanzas came to the service.
    var stanzas: Int { state.withLock { $0.stanzas } }
    /// How often the service was asked something.
    var questions: Int { state.withLock { $0.questions } }
    /// The most addresses of one, and the bytes of the largest.
    var mostAddresses: Int { state.withLock { $0.mostAddresses } }
    var largest: Int { state.withLock { $0.largest } }

    /// Who is shown what arrives, as soon as it is read.
    func tell(_ refusals: MulticastRefusals) {
        self.refusals.withLock { $0 = refusals }
    }

    func send(_ stanza: Stanza) async throws(StreamClosed) {
        try await write(Array(stanza.element().xml(inheriting: .componentAccept).utf8))
    }

    func write(_ bytes: [UInt8]) async throws(StreamClosed) {
        let number = state.withLock { state in
            state.writes += 1
            return state.writes
        }
        await beforeWrite(number)
        let isOver = diesAtWrite.map { number >= $0 } ?? false
        if isOver { throw StreamClosed(end: .lost(.disconnected)) }
        let parser = Parser()
        _ = try? parser.parse("<stream xmlns='jabber:component:accept'>".utf8)
        for event in (try? parser.parse(bytes)) ?? [] {
            if case .element(let element) = event { take(element) }
        }
    }

    private func take(_ element: Element) {
        guard let to = element["to"], let id = element["id"], let sender = element["from"] else {
            return
        }
        guard to == Self.service else {
            let copy = Copy(
                reader: to,
                id: id,
                stanza: nil,
                sender: sender,
                body: element.children("event", in: .pubsubEvent).first
                    ?? element.children("body").first
            )
            state.withLock { $0.copies.append(copy) }
            return
        }
        let number = state.withLock { state in
            state.stanzas += 1
            return state.stanzas
        }
        took(number)
        if isLost(number) { return }
        switch behaviour {
        case .refuses(let numbers) where numbers.contains(number):
            let refusal = refusal(of: id, from: sender)
            refusals.withLock { $0?.note(.stanza(.message(refusal))) }
            state.withLock { $0.refusals.append(refusal) }
            return
        case .refusesSlowly(number):
            state.withLock { $0.pending.append(refusal(of: id, from: sender)) }
            return
        case .complains(let other, number):
            let refusal = refusal(of: other, from: sender)
            refusals.withLock { $0?.note(.stanza(.message(refusal))) }
        default:
            break
        }
        let addresses = element.children("addresses", in: .address).flatMap {
            $0.children("address", in: .address)
        }
        let copies = addresses.map { address in
            Copy(
                reader: address["type"] == "bcc" ? address["jid"] ?? "" : "everybody sees it",
                id: id,
                stanza: number,
                sender: sender,
                body: element.children("event", in: .pubsubEvent).first
            )
        }
        let size = element.xml(inheriting: .componentAccept).utf8.count
        state.withLock { state in
            state.copies += copies
            state.mostAddresses = max(state.mostAddresses, addresses.count)
            state.largest = max(state.largest, size)
        }
    }

    private func refusal(of id: String, from sender: String) -> Message {
        let error = StanzaError(.notAcceptable, text: "Too many receiver fields were specified")
        let service = known(try? JID(Self.service))
        return Message(.error, id: id, from: service, to: try? JID(sender)) { error.element }
    }

    private func isLost(_ number: Int) -> Bool {
        switch behaviour {
        case .missing, .silent, .works, .refuses, .refusesSlowly, .complains: return false
        case .ends(let first, _): return number >= first
        case .restarts(let lost):
            if number == lost { state.withLock { $0.isLosing = true } }
            return number == lost
        }
    }

    func request(_ iq: IQ, timeout: Duration?) async throws(RequestFailure) -> IQ {
        let target = iq.to?.description
        switch iq.payload?.namespace {
        case .discoItems?:
            let entry = DiscoItems.Entry(jid: known(try? JID(Self.service)))
            let isMissing = if case .missing = behaviour { true } else { false }
            return iq.reply(with: DiscoItems(entries: isMissing ? [] : [entry]).element)
        case .discoInfo? where target == Self.service:
            return try await answerOfService(iq, timeout)
        case .discoInfo?:
            let identity = DiscoInfo.Identity(category: "server", type: "im")
            return iq.reply(with: DiscoInfo(identities: [identity], features: []).element)
        case .lastActivity?:
            return iq.reply(error: StanzaError(.serviceUnavailable))
        default:
            let late = state.withLock { state in
                state.pings += 1
                return state.pings == Self.lateness ? state.refusals : []
            }
            for refusal in late { refusals.withLock { $0?.note(.stanza(.message(refusal))) } }
            return iq.reply()
        }
    }

    private func answerOfService(
        _ iq: IQ,
        _ timeout: Duration?
    ) async throws(RequestFailure) -> IQ {
        let (stanzas, isLost) = state.withLock { state in
            defer { state.isLosing = false }
            state.questions += 1
            return (state.stanzas, state.isLosing)
        }
        if case .silent = behaviour { try await stay(silentFor: timeout) }
        if case .ends(let first, let isSilent) = behaviour, stanzas >= first {
            guard isSilent else { return iq.reply(error: StanzaError(.serviceUnavailable)) }
            try await stay(silentFor: timeout)
        }
        if isLost { try await stay(silentFor: timeout) }
        let pending = state.withLock { state in
            defer { state.pending = [] }
            return state.pending
        }
        if !pending.isEmpty {
            try? await Task.sleep(for: .milliseconds(100))
            for refusal in pending { refusals.withLock { $0?.note(.stanza(.message(refusal))) } }
        }
        let fields = [
            DataForm.Field("FORM_TYPE", .hidden, values: [Namespace.address.rawValue]),
            DataForm.Field("message", values: ["\(limit ?? 0)"]),
        ]
        let info = DiscoInfo(
            identities: [DiscoInfo.Identity(category: "service", type: "multicast")],
            features: [.discoInfo, .address],
            forms: limit == nil ? [] : [DataForm(.result, fields: fields)]
        )
        return iq.reply(with: info.element)
    }

    private func stay(silentFor timeout: Duration?) async throws(RequestFailure) {
        do {
            try await Task.sleep(for: timeout ?? .seconds(30))
        } catch {
            throw .streamClosed(.closedByUs)
        }
        throw .timedOut
    }
}
