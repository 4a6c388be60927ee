import PubSubWire
import Testing
import XML
import XMPP

@Suite("PubSub requests on the wire")
struct RequestTests {
    /// A request and what it means; the same text must come out again.
    static let requests: [(IQ.IQType, String, PubSubRequest)] = {
        guard let verse = NodeID(rawValue: "verse"), let one = ItemID(rawValue: "1"),
            let two = ItemID(rawValue: "2"), let romeo = try? JID("romeo@verona.lit"),
            let juliet = try? JID("juliet@verona.lit/balcony")
        else { return [] }
        let form = DataForm(.submit, fields: [.init("a", values: ["1"])])
        let x = "<x xmlns='jabber:x:data' type='submit'><field var='a'><value>1</value></field></x>"
        let ns = "http://jabber.org/protocol/pubsub"
        func open(_ body: String) -> String { "<pubsub xmlns='\(ns)'>\(body)</pubsub>" }
        func owner(_ body: String) -> String { "<pubsub xmlns='\(ns)#owner'>\(body)</pubsub>" }
        return [
            (
                .set, open("<subscribe node='verse' jid='romeo@verona.lit'/>"),
                .subscribe(SubscribeRequest(node: verse, jid: romeo))
            ),
            (
                .set,
                open(
                    "<subscribe node='verse' jid='romeo@verona.lit'/><options>\(x)</options>"
                ),
                .subscribe(SubscribeRequest(node: verse, jid: romeo, options: form))
            ),
            (
                .set,
                open("<unsubscribe node='verse' jid='juliet@verona.lit/balcony' subid='7'/>"),
                .unsubscribe(UnsubscribeRequest(node: verse, jid: juliet, subID: "7"))
            ),
            (.get, open("<subscriptions/>"), .subscriptions(nil)),
            (.get, open("<subscriptions node='verse'/>"), .subscriptions(verse)),
            (.get, open("<affiliations node='verse'/>"), .affiliations(verse)),
            (
                .get, open("<options node='verse' jid='romeo@verona.lit'/>"),
                .options(OptionsRequest(node: verse, jid: romeo))
            ),
            (
                .set, open("<options node='verse' jid='romeo@verona.lit'>\(x)</options>"),
                .options(OptionsRequest(node: verse, jid: romeo, form: form))
            ),
            (.get, open("<default node='verse'/>"), .defaultOptions(verse)),
            (.get, open("<items node='verse'/>"), .items(ItemsRequest(node: verse))),
            (
                .get,
                open(
                    "<items node='verse'/>"
                        + "<order xmlns='urn:xmpp:order-by:1' by='creation' desc='true'/>"
                ),
                .items(
                    ItemsRequest(node: verse, order: ItemsOrder(.creation, isDescending: true))
                )
            ),
            (
                .set,
                open(
                    "<subscribe node='verse' jid='romeo@verona.lit'>"
                        + "<public xmlns='urn:xmpp:pps:0'/></subscribe>"
                ),
                .subscribe(SubscribeRequest(node: verse, jid: romeo, isPublic: true))
            ),
            (
                .get, open("<items node='verse' max_items='2'/>"),
                .items(ItemsRequest(node: verse, maxItems: 2))
            ),
            (
                .get, open("<items node='verse'><item id='1'/><item id='2'/></items>"),
                .items(ItemsRequest(node: verse, ids: [one, two]))
            ),
            (
                .get,
                open(
                    "<items node='verse'/><set xmlns='http://jabber.org/protocol/rsm'>"
                        + "<max>5</max><before/></set>"
                ),
                .items(ItemsRequest(node: verse, page: ResultSetRequest(max: 5, before: "")))
            ),
            (
                .set,
                open(
                    "<publish node='verse'><item id='1'><entry xmlns='urn:x'/></item><item/>"
                        + "</publish><publish-options>\(x)</publish-options>"
                ),
                .publish(
                    PublishRequest(
                        node: verse,
                        items: [
                            PubSubItem(id: one, payload: Element("entry", in: "urn:x")),
                            PubSubItem(id: nil),
                        ],
                        options: form
                    )
                )
            ),
            (
                .set, open("<retract node='verse' notify='true'><item id='1'/></retract>"),
                .retract(RetractRequest(node: verse, ids: [one], notify: true))
            ),
            (.set, open("<create/>"), .create(CreateRequest(node: nil))),
            (
                .set, open("<create node='verse'/><configure>\(x)</configure>"),
                .create(CreateRequest(node: verse, configuration: form))
            ),
            (
                .get, owner("<configure node='verse'/>"),
                .configure(ConfigureRequest(node: verse))
            ),
            (
                .set, owner("<configure node='verse'>\(x)</configure>"),
                .configure(ConfigureRequest(node: verse, form: form))
            ),
            (.get, owner("<default/>"), .defaultConfiguration),
            (
                .set,
                owner("<delete node='verse'><redirect uri='xmpp:a@b?;node=c'/></delete>"),
                .delete(DeleteRequest(node: verse, redirect: "xmpp:a@b?;node=c"))
            ),
            (.set, owner("<purge node='verse'/>"), .purge(verse)),
            (.get, owner("<subscriptions node='verse'/>"), .subscribers(verse)),
            (
                .get,
                owner(
                    "<affiliations node='verse'/>"
                        + "<set xmlns='http://jabber.org/protocol/rsm'><max>5</max></set>"
                ),
                .affiliates(verse, page: ResultSetRequest(max: 5))
            ),
            (
                .set,
                owner(
                    "<subscriptions node='verse'><subscription jid='romeo@verona.lit' "
                        + "subscription='none'/></subscriptions>"
                ),
                .changeSubscribers(
                    SubscriberChanges(
                        node: verse,
                        changes: [PubSubSubscription(node: nil, jid: romeo, state: .none)]
                    )
                )
            ),
            (.get, owner("<affiliations node='verse'/>"), .affiliates(verse)),
            (
                .set,
                owner(
                    "<affiliations node='verse'><affiliation jid='romeo@verona.lit' "
                        + "affiliation='publish-only'/></affiliations>"
                ),
                .changeAffiliates(
                    AffiliationChanges(node: verse, changes: [.init(romeo, .publishOnly)])
                )
            ),
        ]
    }()

    @Test("the examples cover every request that there is")
    func coverage() {
        #expect(Self.requests.count == 29)
        #expect(Set(Self.requests.map(\.2.feature)).count == 15)
    }

    @Test("a request means what it says, and is written as it was read", arguments: requests)
    func roundTrip(type: IQ.IQType, xml: String, meaning: PubSubRequest) throws {
        let iq = IQ(type, id: "1", payload: try Element(xml: xml))
        #expect(try PubSubRequest(iq) == meaning)
        #expect(meaning.element == iq.payload)
        #expect(meaning.iq(to: try JID("news.verona.lit")).type == type)
    }

    static let mistakes: [(IQ.IQType, String, PubSubReadingError, String)] = [
        (.set, "<subscribe jid='a@b'/>", .nodeRequired, "bad-request + nodeid-required"),
        (.set, "<subscribe node='' jid='a@b'/>", .nodeRequired, "bad-request + nodeid-required"),
        (.set, "<subscribe node='n'/>", .jidRequired, "bad-request + jid-required"),
        (.get, "<options node='n'/>", .jidRequired, "bad-request + jid-required"),
        (.set, "<options node='n' jid='a@b'/>", .formRequired, "bad-request + invalid-options"),
        (.get, "<items/>", .nodeRequired, "bad-request + nodeid-required"),
        (
            .get, "<items node='n' max_items='0'/>",
            .badNumber(attribute: "max_items", value: "0"), "bad-request"
        ),
        (.get, "<items node='n'><item/></items>", .itemIDRequired, "bad-request + item-required"),
        (.set, "<retract><item id='1'/></retract>", .nodeRequired, "bad-request + nodeid-required"),
        (.set, "<retract node='n'/>", .itemRequired, "bad-request + item-required"),
        (
            .set, "<retract node='n'><item/></retract>", .itemIDRequired,
            "bad-request + item-required"
        ),
        (
            .set, "<publish node='n'><item><a/><b/></item></publish>", .severalPayloads,
            "bad-request + invalid-payload"
        ),
        (
            .set, "<publish node=''><item/></publish>", .nodeRequired,
            "bad-request + nodeid-required"
        ),
        (.set, "<create node='n'/><configure node='n'/>", .nodeInConfigure, "bad-request"),
        (.get, "<subscribe node='n' jid='a@b'/>", .wrongType(action: "subscribe"), "bad-request"),
        (.set, "<items node='n'/>", .wrongType(action: "items"), "bad-request"),
        (.set, "", .noAction, "bad-request"),
        (.set, "<soliloquy/>", .unknownAction("soliloquy"), "feature-not-implemented"),
    ]

    @Test("a mistake is named, with XEP-0060's own condition", arguments: mistakes)
    func mistake(
        type: IQ.IQType,
        action: String,
        error: PubSubReadingError,
        conditions: String
    ) throws {
        let xml = "<pubsub xmlns='http://jabber.org/protocol/pubsub'>\(action)</pubsub>"
        let iq = IQ(type, id: "1", payload: try Element(xml: xml))
        #expect(throws: error) { try PubSubRequest(iq) }
        #expect(error.stanzaError.description == "\(conditions): \(error.description)")
    }

    @Test(
        "an owner's mistake is named",
        arguments: [
            ("<configure/>", PubSubReadingError.nodeRequired),
            (
                "<affiliations node='n'><affiliation jid='a@b' affiliation='king'/></affiliations>",
                .unknownAffiliation("king")
            ),
            (
                "<subscriptions node='n'><subscription jid='a@b' subscription='x'/></subscriptions>",
                .unknownState("x")
            ),
        ]
    )
    func ownersMistake(action: String, error: PubSubReadingError) throws {
        let xml = "<pubsub xmlns='http://jabber.org/protocol/pubsub#owner'>\(action)</pubsub>"
        let iq = IQ(.set, id: "1", payload: try Element(xml: xml))
        #expect(throws: error) { try PubSubRequest(iq) }
    }

    @Test("the same address twice in a list of affiliations is refused (§8.9.2.4)")
    func duplicate() throws {
        let xml = """
            <pubsub xmlns='http://jabber.org/protocol/pubsub#owner'><affiliations node='n'>
            <affiliation jid='Romeo@verona.lit' affiliation='member'/>
            <affiliation jid='romeo@verona.lit' affiliation='outcast'/></affiliations></pubsub>
            """
        let iq = IQ(.set, id: "1", payload: try Element(xml: xml))
        #expect(throws: PubSubReadingError.duplicateAddress(try JID("romeo@verona.lit"))) {
            try PubSubRequest(iq)
        }
    }

    @Test("an address that fails RFC 7622 is an invalid-jid, and the reason is told")
    func malformedAddress() throws {
        let xml = """
            <pubsub xmlns='http://jabber.org/protocol/pubsub'>\
            <subscribe node='n' jid='@verona.lit'/></pubsub>
            """
        let iq = IQ(.set, id: "1", payload: try Element(xml: xml))
        let error = #expect(throws: PubSubReadingError.self) { try PubSubRequest(iq) }
        #expect(error?.stanzaError.pubsubCondition == .invalidJID)
        #expect(error?.description.hasPrefix("'@verona.lit' is not an address: ") == true)
    }
}
