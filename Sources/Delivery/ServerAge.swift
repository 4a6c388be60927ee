public import Component
public import Foundation
import XML
public import XMPP

/// Asks a server for how long it has been running (XEP-0012 §4).
public struct ServerAge: Sendable {
    private let domain: JID
    private let target: JID
    private let timeout: Duration

    /// Whoever does not answer for so long does not tell.
    private static let patience = Duration.seconds(10)
    /// How often it is asked in that time.
    private static let questions = 4

    /// - Parameters:
    ///   - domain: who asks.
    ///   - target: the server's address.
    ///   - settings: those of the deliveries that wait for the answer.
    public init(domain: JID, target: JID, settings: DeliverySettings) {
        self.domain = domain
        self.target = target
        timeout = min(settings.barrierTimeout, Self.patience)
    }

    /// Its age in seconds; nil if it does not tell.
    ///
    /// While it is silent it is asked again: a server that does not know yet that our last stream is dead
    /// may send answers there.
    ///
    /// - Throws: ``StreamClosed`` when the stream ends.
    public func ask(on stream: any StanzaStream) async throws -> TimeInterval? {
        try await withThrowingTaskGroup(of: Answer.self) { answers in
            for number in 0..<Self.questions {
                answers.addTask {
                    let pause = timeout * number / Self.questions
                    try await Task.sleep(for: pause)
                    return try await ask(on: stream, timeout: timeout - pause)
                }
            }
            defer { answers.cancelAll() }
            for try await answer in answers {
                if case .told(let age) = answer { return age }
            }
            return nil
        }
    }

    private enum Answer {
        /// Nil if it knows no such question.
        case told(TimeInterval?)
        case silence
    }

    private func ask(on stream: any StanzaStream, timeout: Duration) async throws -> Answer {
        let query = Element("query", in: .lastActivity)
        let request = IQ(.get, id: "", from: domain, to: target, payload: query)
        do {
            let answer = try await stream.request(request, timeout: timeout)
            guard answer.type == .result, let payload = answer.payload,
                payload.isNamed("query", in: .lastActivity),
                let seconds = payload["seconds"].flatMap(UInt32.init)
            else { return .told(nil) }
            return .told(TimeInterval(seconds))
        } catch .timedOut {
            return .silence
        } catch .streamClosed(let end) {
            throw StreamClosed(end: end)
        }
    }
}
