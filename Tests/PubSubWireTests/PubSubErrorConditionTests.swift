import PubSubWire
import Testing
import XML
import XMPP

@Suite("XEP-0060's own error conditions")
struct PubSubErrorConditionTests {
    @Test("each survives the wire", arguments: PubSubErrorCondition.allCases)
    func roundTrip(condition: PubSubErrorCondition) throws {
        let written = condition.stanzaError(text: "because").element
        let read = StanzaError(written)
        #expect(read.pubsubCondition == condition)
        #expect(read.text == "because")
        #expect(read == condition.stanzaError(text: "because"))
    }

    @Test(
        "each goes with the stanza error of its section",
        arguments: [
            (PubSubErrorCondition.invalidJID, StanzaError.Condition.badRequest, "modify"),
            (.closedNode, .notAllowed, "cancel"),
            (.presenceSubscriptionRequired, .notAuthorized, "auth"),
            (.notSubscribed, .unexpectedRequest, "cancel"),
            (.invalidSubID, .notAcceptable, "modify"),
            (.itemRequired, .badRequest, "modify"),
            (.payloadTooBig, .notAcceptable, "modify"),
            (.tooManySubscriptions, .policyViolation, "wait"),
            (.preconditionNotMet, .conflict, "cancel"),
            (.unsupported(.publish), .featureNotImplemented, "cancel"),
            (.unsupportedAccessModel, .notAcceptable, "modify"),
        ]
    )
    func table(
        condition: PubSubErrorCondition,
        stanza: StanzaError.Condition,
        type: String
    ) {
        #expect(condition.stanzaError().condition == stanza)
        #expect(condition.stanzaError().type.rawValue == type)
    }

    @Test("a section that differs says so: retrieving while not subscribed (§6.5.9.3)")
    func override() {
        let error = PubSubErrorCondition.notSubscribed.stanzaError(as: .notAuthorized)
        #expect(error.condition == .notAuthorized && error.type == .auth)
        #expect(error.pubsubCondition == .notSubscribed)
    }

    @Test("what is missing is named as disco#info would name it")
    func features() throws {
        let element = PubSubErrorCondition.unsupported(.createNodes).element
        #expect(
            try element
                == Element(
                    xml: """
                        <unsupported xmlns='http://jabber.org/protocol/pubsub#errors' \
                        feature='create-nodes'/>
                        """
                )
        )
        #expect(
            PubSubFeature.createNodes.namespace.rawValue
                == "http://jabber.org/protocol/pubsub#create-nodes"
        )
    }

    @Test("other errors have none of them")
    func foreign() {
        #expect(StanzaError(.gone).pubsubCondition == nil)
        let unknown = Element("unsupported", in: .pubsubErrors, ["feature": "teleportation"])
        #expect(PubSubErrorCondition(unknown) == nil)
    }
}
