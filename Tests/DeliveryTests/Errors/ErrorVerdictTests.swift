import Testing
import XMPP

@testable import Delivery

@Suite("What an error says about a reader")
struct ErrorVerdictTests {
    @Test(
        "who is gone is no reader any more",
        arguments: [.gone, .itemNotFound] as [StanzaError.Condition]
    )
    func end(_ condition: StanzaError.Condition) {
        for type in StanzaError.ErrorType.allCases {
            #expect(ErrorVerdict(StanzaError(condition, type: type)) == .end)
        }
    }

    @Test(
        "what passes is tried again",
        arguments: [.remoteServerTimeout, .resourceConstraint, .recipientUnavailable]
            as [StanzaError.Condition]
    )
    func retry(_ condition: StanzaError.Condition) {
        #expect(ErrorVerdict(StanzaError(condition)) == .retry)
    }

    @Test("offline, blocked and unknown look the same, so it only counts (RFC 6121 §8.5)")
    func serviceUnavailable() {
        #expect(ErrorVerdict(StanzaError(.serviceUnavailable)) == .score)
        #expect(ErrorVerdict(StanzaError(.serviceUnavailable, type: .wait)) == .retry)
    }

    @Test(
        "the subscription of one resource ends when that is not there",
        arguments: [
            (.serviceUnavailable, .end, .score), (.recipientUnavailable, .end, .retry),
            (.gone, .end, .end), (.notAllowed, .score, .score),
            (.remoteServerTimeout, .retry, .retry),
        ] as [(StanzaError.Condition, ErrorVerdict, ErrorVerdict)]
    )
    func resource(
        _ condition: StanzaError.Condition,
        full: ErrorVerdict,
        bare: ErrorVerdict
    ) throws {
        let reader = try JID("romeo@verona.lit/orchard")
        let error = StanzaError(condition)
        #expect(ErrorVerdict(error, from: reader) == full)
        #expect(ErrorVerdict(error, from: reader.bare) == bare)
    }

    @Test("no refusal ends a subscription but those that say there is nobody")
    func others() {
        let ending = StanzaError.Condition.allCases.filter {
            ErrorVerdict(StanzaError($0)) == .end
        }
        #expect(ending == [.gone, .itemNotFound])
    }
}
