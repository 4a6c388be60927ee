import PubSubWire
import Testing
import XML
import XMPP

@Suite("PubSub answers and events on the wire")
struct ReplyTests {
    let verse: NodeID
    let item: ItemID
    let romeo: JID
    let ns = "http://jabber.org/protocol/pubsub"

    init() throws {
        verse = try #require(NodeID(rawValue: "verse"))
        item = try #require(ItemID(rawValue: "1"))
        romeo = try JID("romeo@verona.lit")
    }

    @Test("the answer to a subscribe says node, address and state (§6.1.2)")
    func subscription() throws {
        let reply = SubscriptionReply(
            .init(node: verse, jid: romeo, state: .subscribed, hasOptions: true)
        )
        let xml = """
            <pubsub xmlns='\(ns)'><subscription node='verse' jid='romeo@verona.lit' \
            subscription='subscribed'><subscribe-options/></subscription></pubsub>
            """
        #expect(try reply.element == Element(xml: xml))
        #expect(try SubscriptionReply(Element(xml: xml)) == reply)
        #expect(try ItemsReply(Element(xml: xml)) == nil)
    }

    @Test("items come with publisher, payload and the page they are (§6.5.2, XEP-0059)")
    func items() throws {
        let reply = ItemsReply(
            node: verse,
            items: [PubSubItem(id: item, publisher: romeo, payload: Element("e", in: "urn:x"))],
            page: ResultSetPage(first: "1", last: "1", firstIndex: 0, count: 1)
        )
        let xml = """
            <pubsub xmlns='\(ns)'><items node='verse'><item id='1' publisher='romeo@verona.lit'>\
            <e xmlns='urn:x'/></item></items><set xmlns='http://jabber.org/protocol/rsm'>\
            <first index='0'>1</first><last>1</last><count>1</count></set></pubsub>
            """
        #expect(try reply.element == Element(xml: xml))
        #expect(try ItemsReply(Element(xml: xml)) == reply)
    }

    @Test("every other answer is read as it was written")
    func others() throws {
        let form = DataForm(.form, formType: "urn:x", fields: [])
        let subscriptions = SubscriptionsReply(
            node: verse,
            subscriptions: [.init(node: verse, jid: romeo, state: .pending, subID: "9")]
        )
        #expect(try SubscriptionsReply(subscriptions.element) == subscriptions)
        let affiliations = AffiliationsReply(entries: [.init(node: verse, affiliation: .owner)])
        #expect(try AffiliationsReply(affiliations.element) == affiliations)
        let options = OptionsReply(node: verse, jid: romeo, form: form)
        #expect(try OptionsReply(options.element) == options)
        let publish = PublishReply(node: verse, ids: [item])
        #expect(try PublishReply(publish.element) == publish)
        #expect(try CreateReply(CreateReply(node: verse).element)?.node == verse)
        for node in [verse, nil] {
            let reply = ConfigurationReply(node: node, form: form)
            #expect(try ConfigurationReply(reply.element) == reply)
        }
        let list = OwnersListReply.affiliates(
            .init(node: verse, changes: [.init(romeo, .outcast)])
        )
        #expect(try OwnersListReply(list.element) == list)
    }

    @Test("every event is read as it was written")
    func events() throws {
        let events: [PubSubEvent] = [
            .items(.init(node: verse, items: [.init(id: item, publisher: romeo)])),
            .items(.init(node: verse, retracted: [item])),
            .deletion(.init(node: verse, redirect: "xmpp:x")),
            .purge(verse),
            .configuration(.init(node: verse, form: DataForm(.result, fields: []))),
            .subscription(.init(node: verse, jid: romeo, state: .none)),
        ]
        for event in events {
            let message = Message(.normal) { event.element }
            #expect(try PubSubEvent(message) == event)
        }
        #expect(try PubSubEvent(Message(.chat, body: "hello")) == nil)
    }

    @Test("a retraction is one retract element in the items of its node (§7.2.2.1)")
    func retraction() throws {
        let event = PubSubEvent.items(.init(node: verse, retracted: [item]))
        let xml = "<event xmlns='\(ns)#event'><items node='verse'><retract id='1'/></items></event>"
        #expect(try event.element == Element(xml: xml))
    }
}
