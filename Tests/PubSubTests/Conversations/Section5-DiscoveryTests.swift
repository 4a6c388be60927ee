import PubSub
import Testing
import XMPP

@Suite("XEP-0060 §5: discovery")
struct DiscoveryTests {
    @Test("the service says what it is and exactly what it can (§5.1)")
    func service() async throws {
        try await conversation(
            with: "news.verona.lit",
            """
            romeo > <iq type='get' id='1'><query xmlns='http://jabber.org/protocol/disco#info'/></iq>
            romeo < <iq type='result' id='1' from='news.verona.lit' to='romeo@verona.lit/script'>
                      <query xmlns='http://jabber.org/protocol/disco#info'>
                        <identity category='pubsub' type='service' name='Broadsheet'/>
                        <feature var='http://jabber.org/protocol/commands'/>
                        <feature var='http://jabber.org/protocol/disco#info'/>
                        <feature var='http://jabber.org/protocol/disco#items'/>
                        <feature var='http://jabber.org/protocol/rsm'/>
                        <feature var='jabber:iq:version'/>
                        <feature var='urn:xmpp:order-by:1'/>
                        <feature var='urn:xmpp:order-by:1@http://jabber.org/protocol/pubsub'/>
                        <feature var='urn:xmpp:ping'/>
                        <feature var='urn:xmpp:mam:2'/>
                        <feature var='urn:xmpp:fulltext:0'/>
                        <feature var='urn:xmpp:pubsub-filter:0'/>
                        <feature var='urn:xmpp:pps:0'/>
                        <feature var='http://jabber.org/protocol/pubsub'/>
                        <feature var='http://jabber.org/protocol/pubsub#access-open'/>
                        <feature var='http://jabber.org/protocol/pubsub#auto-create'/>
                        <feature var='http://jabber.org/protocol/pubsub#config-node'/>
                        <feature var='http://jabber.org/protocol/pubsub#config-node-max'/>
                        <feature var='http://jabber.org/protocol/pubsub#create-and-configure'/>
                        <feature var='http://jabber.org/protocol/pubsub#create-nodes'/>
                        <feature var='http://jabber.org/protocol/pubsub#delete-items'/>
                        <feature var='http://jabber.org/protocol/pubsub#delete-nodes'/>
                        <feature var='http://jabber.org/protocol/pubsub#get-pending'/>
                        <feature var='http://jabber.org/protocol/pubsub#instant-nodes'/>
                        <feature var='http://jabber.org/protocol/pubsub#item-ids'/>
                        <feature var='http://jabber.org/protocol/pubsub#leased-subscription'/>
                        <feature var='http://jabber.org/protocol/pubsub#manage-subscriptions'/>
                        <feature var='http://jabber.org/protocol/pubsub#member-affiliation'/>
                        <feature var='http://jabber.org/protocol/pubsub#meta-data'/>
                        <feature var='http://jabber.org/protocol/pubsub#modify-affiliations'/>
                        <feature var='http://jabber.org/protocol/pubsub#multi-items'/>
                        <feature var='http://jabber.org/protocol/pubsub#outcast-affiliation'/>
                        <feature var='http://jabber.org/protocol/pubsub#persistent-items'/>
                        <feature var='http://jabber.org/protocol/pubsub#presence-notifications'/>
                        <feature var='http://jabber.org/protocol/pubsub#publish'/>
                        <feature var='http://jabber.org/protocol/pubsub#publish-node-full'/>
                        <feature var='http://jabber.org/protocol/pubsub#publish-only-affiliation'/>
                        <feature var='http://jabber.org/protocol/pubsub#publish-options'/>
                        <feature var='http://jabber.org/protocol/pubsub#publisher-affiliation'/>
                        <feature var='http://jabber.org/protocol/pubsub#purge-nodes'/>
                        <feature var='http://jabber.org/protocol/pubsub#rsm'/>
                        <feature var='http://jabber.org/protocol/pubsub#retract-items'/>
                        <feature var='http://jabber.org/protocol/pubsub#retrieve-affiliations'/>
                        <feature var='http://jabber.org/protocol/pubsub#retrieve-default'/>
                        <feature var='http://jabber.org/protocol/pubsub#retrieve-default-sub'/>
                        <feature var='http://jabber.org/protocol/pubsub#retrieve-items'/>
                        <feature var='http://jabber.org/protocol/pubsub#retrieve-subscriptions'/>
                        <feature var='http://jabber.org/protocol/pubsub#subscribe'/>
                        <feature var='http://jabber.org/protocol/pubsub#subscription-notifications'/>
                        <feature var='http://jabber.org/protocol/pubsub#subscription-options'/>
                      </query></iq>
            """
        )
    }

    @Test("those who run the service can be found (XEP-0128, XEP-0157)")
    func contacts() async throws {
        let stage = try await Stage(
            settings: PubSubSettings(
                contacts: ContactAddresses([
                    .admin: ["xmpp:friar@verona.lit", "mailto:friar@verona.lit"],
                    .abuse: ["xmpp:prince@verona.lit"], .sales: [],
                ])
            )
        )
        let features = try await stage.features()
        try await conversation(
            with: "news.verona.lit",
            on: stage,
            """
            romeo > <iq type='get' id='1'><query xmlns='http://jabber.org/protocol/disco#info'/></iq>
            romeo < <iq type='result' id='1'><query xmlns='http://jabber.org/protocol/disco#info'>
              <identity category='pubsub' type='service' name='Broadsheet'/>\(features)
              <x xmlns='jabber:x:data' type='result'>
                <field var='FORM_TYPE' type='hidden'>
                  <value>http://jabber.org/network/serverinfo</value></field>
                <field var='abuse-addresses' type='list-multi'>
                  <value>xmpp:prince@verona.lit</value></field>
                <field var='admin-addresses' type='list-multi'>
                  <value>xmpp:friar@verona.lit</value><value>mailto:friar@verona.lit</value></field>
              </x></query></iq>
            """
        )
    }

    @Test("the nodes are listed with their titles, but not the hidden one (§5.2)")
    func nodes() async throws {
        try await conversation(
            with: "news.verona.lit",
            """
            romeo > <iq type='get' id='1'>
                      <query xmlns='http://jabber.org/protocol/disco#items'/></iq>
            romeo < <iq type='result' id='1'>
                      <query xmlns='http://jabber.org/protocol/disco#items'>
                        <item jid='news.verona.lit' node='verse' name='Verse'/>
                      </query></iq>
            """
        )
    }

    @Test("an empty node is none")
    func emptyNode() async throws {
        try await conversation(
            with: "news.verona.lit",
            """
            romeo > <iq type='get' id='1'>
                      <query xmlns='http://jabber.org/protocol/disco#items' node=''/></iq>
            romeo < <iq type='result' id='1'>
                      <query xmlns='http://jabber.org/protocol/disco#items'>
                        <item jid='news.verona.lit' node='verse' name='Verse'/>
                      </query></iq>
            """
        )
    }

    @Test("a long list of nodes comes in pages (§5.2, XEP-0059)")
    func pagesOfNodes() async throws {
        let stage = try await Stage(
            nodes: try ["prose", "song"].map { name in
                NodeDefinition(id: try #require(NodeID(rawValue: name)), title: "")
            }
        )
        try await conversation(
            with: "news.verona.lit",
            on: stage,
            """
            romeo > <iq type='get' id='1'><query xmlns='http://jabber.org/protocol/disco#items'>
                      <set xmlns='http://jabber.org/protocol/rsm'>
                        <max>1</max><after>prose</after></set></query></iq>
            romeo < <iq type='result' id='1'>
                      <query xmlns='http://jabber.org/protocol/disco#items'>
                        <item jid='news.verona.lit' node='song'/>
                        <set xmlns='http://jabber.org/protocol/rsm'>
                          <first index='1'>song</first><last>song</last><count>3</count></set>
                      </query></iq>
            romeo > <iq type='get' id='2'><query xmlns='http://jabber.org/protocol/disco#items'>
                      <set xmlns='http://jabber.org/protocol/rsm'>
                        <max>1</max><after>elegy</after></set></query></iq>
            romeo < <iq type='error' id='2'><error type='cancel'>
                      <item-not-found xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>
            """
        )
    }

    @Test("a node says what it is about and how many read it (§5.3, §5.4)")
    func node() async throws {
        try await conversation(
            with: "news.verona.lit",
            """
            juliet > <iq type='set' id='1'><pubsub xmlns='http://jabber.org/protocol/pubsub'>
                       <subscribe node='verse' jid='juliet@verona.lit'/></pubsub></iq>
            juliet < <iq type='result' id='1'><pubsub xmlns='http://jabber.org/protocol/pubsub'>
                       <subscription node='verse' jid='juliet@verona.lit'
                         subscription='subscribed'><subscribe-options/></subscription></pubsub></iq>
            romeo > <iq type='get' id='1'>
                      <query xmlns='http://jabber.org/protocol/disco#info' node='verse'/></iq>
            romeo < <iq type='result' id='1'>
                      <query xmlns='http://jabber.org/protocol/disco#info' node='verse'>
                        <identity category='pubsub' type='leaf' name='Verse'/>
                        <feature var='http://jabber.org/protocol/pubsub'/>
                        <feature var='http://jabber.org/protocol/disco#info'/>
                        <feature var='http://jabber.org/protocol/disco#items'/>
                        <x xmlns='jabber:x:data' type='result'>
                          <field var='FORM_TYPE' type='hidden'>
                            <value>http://jabber.org/protocol/pubsub#meta-data</value></field>
                          <field var='pubsub#title' type='text-single'><value>Verse</value></field>
                          <field var='pubsub#description' type='text-single'>
                            <value>What lovers say</value></field>
                          <field var='pubsub#language' type='text-single'><value>en</value></field>
                          <field var='pubsub#type' type='text-single'>
                            <value>urn:xmpp:pubsub-social-feed:1</value></field>
                          <field var='pubsub#creation_date' type='text-single'>
                            <value>2026-11-21T08:00:00Z</value></field>
                          <field var='pubsub#num_subscribers' type='text-single'>
                            <value>1</value></field>
                          <field var='pubsub#max_items' type='text-single'>
                            <value>max</value></field>
                          <field var='pubsub#access_model' type='list-single'>
                            <value>open</value></field>
                          <field var='pubsub#publish_model' type='list-single'>
                            <value>publishers</value></field>
                          <field var='pubsub#creator' type='jid-single'>
                            <value>news.verona.lit</value></field>
                          <field var='pubsub#owner' type='jid-multi'>
                            <value>news.verona.lit</value></field>
                        </x></query></iq>
            """
        )
    }

    @Test("a node's items are listed newest first by name, with no node of their own (§5.5)")
    func items() async throws {
        try await conversation(
            with: "news.verona.lit",
            """
            editor > <publish xmlns='urn:test:inside' node='verse' id='1'/>
            editor < <started xmlns='urn:test:inside' readers='0'/>
            editor > <publish xmlns='urn:test:inside' node='verse' id='2'/>
            editor < <started xmlns='urn:test:inside' readers='0'/>
            romeo > <iq type='get' id='1'>
                      <query xmlns='http://jabber.org/protocol/disco#items' node='verse'/></iq>
            romeo < <iq type='result' id='1'>
                      <query xmlns='http://jabber.org/protocol/disco#items' node='verse'>
                        <item jid='news.verona.lit' name='2'/>
                        <item jid='news.verona.lit' name='1'/>
                      </query></iq>
            """
        )
    }

    @Test("who may not fetch a node's items is not shown their names either (§5.5, §6.5.9)")
    func closedItems() async throws {
        let query = "<query xmlns='http://jabber.org/protocol/disco#items' node='sonnet'/>"
        let asks = "romeo > <iq type='get' id='1'>\(query)</iq>\n"
        try await conversation(
            with: "news.verona.lit",
            Lines.created("sonnet", ["access_model": "whitelist"])
                + asks + Lines.refused("romeo", "cancel", "not-allowed", "closed-node")
                + Lines.affiliated("romeo", as: "member", with: "sonnet")
                + asks + "romeo < <iq type='result' id='1'>\(query)</iq>\n"
                + Lines.created("ode", ["access_model": "authorize"])
                + asks.replacing("sonnet", with: "ode")
                + Lines.refused("romeo", "auth", "not-authorized", "not-subscribed")
        )
    }

    @Test("lists of long names come in pages of what fits an answer", arguments: [1_000, 250])
    func longNames(limit: Int) async throws {
        let stage = try await Stage(
            nodes: [.init(id: try #require(NodeID(rawValue: "prose")), title: "Prose")],
            settings: PubSubSettings(maximumAnswerSize: limit)
        )
        let names = (1...3).map { "\($0)" + String(repeating: "x", count: 99) }
        let published = names.map { name in
            """
            editor > <publish xmlns='urn:test:inside' node='verse' id='\(name)'/>
            editor < <started xmlns='urn:test:inside' readers='0'/>

            """
        }
        let isWhole = limit == 1_000
        let items = (isWhole ? names : [names[2]]).reversed().map { name in
            "<item jid='news.verona.lit' name='\(name)'/>"
        }
        let page =
            isWhole
            ? ""
            : """
            <set xmlns='http://jabber.org/protocol/rsm'><first index='0'>\(names[2])</first>
            <last>\(names[2])</last><count>3</count></set>
            """
        try await conversation(
            with: "news.verona.lit",
            on: stage,
            published.joined()
                + """
                romeo > <iq type='get' id='1'>
                  <query xmlns='http://jabber.org/protocol/disco#items' node='verse'/></iq>
                romeo < <iq type='result' id='1'>
                  <query xmlns='http://jabber.org/protocol/disco#items' node='verse'>
                  \(items.joined())\(page)</query></iq>
                """
        )
    }

    @Test("a list too long for one answer comes as its first page, which says so (XEP-0059)")
    func longList() async throws {
        let stage = try await Stage(
            nodes: [.init(id: try #require(NodeID(rawValue: "prose")), title: "Prose")],
            settings: PubSubSettings(maximumListLength: 1)
        )
        try await conversation(
            with: "news.verona.lit",
            on: stage,
            """
            romeo > <iq type='get' id='1'>
                      <query xmlns='http://jabber.org/protocol/disco#items'/></iq>
            romeo < <iq type='result' id='1'>
                      <query xmlns='http://jabber.org/protocol/disco#items'>
                        <item jid='news.verona.lit' node='prose' name='Prose'/>
                        <set xmlns='http://jabber.org/protocol/rsm'>
                          <first index='0'>prose</first><last>prose</last><count>2</count></set>
                      </query></iq>
            """
        )
    }

    @Test(
        "a node that does not exist and one that is hidden look the same",
        arguments: ["elegy", "drafts"]
    )
    func missing(node: String) async throws {
        try await conversation(
            with: "news.verona.lit",
            """
            romeo > <iq type='get' id='1'>
                      <query xmlns='http://jabber.org/protocol/disco#info' node='\(node)'/></iq>
            romeo < <iq type='error' id='1'><error type='cancel'>
                      <item-not-found xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/>
                      <text xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'>There is no node '\(node)' here.</text>
                    </error></iq>
            romeo > <iq type='get' id='2'>
                      <query xmlns='http://jabber.org/protocol/disco#items' node='\(node)'/></iq>
            romeo < <iq type='error' id='2'><error type='cancel'>
                      <item-not-found xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>
            romeo > <iq type='get' id='3'><pubsub xmlns='http://jabber.org/protocol/pubsub'>
                      <items node='\(node)'/></pubsub></iq>
            romeo < <iq type='error' id='3'><error type='cancel'>
                      <item-not-found xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>
            romeo > <iq type='set' id='4'><pubsub xmlns='http://jabber.org/protocol/pubsub'>
                      <subscribe node='\(node)' jid='romeo@verona.lit'/></pubsub></iq>
            romeo < <iq type='error' id='4'><error type='cancel'>
                      <item-not-found xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>
            romeo > <iq type='get' id='5'><pubsub xmlns='http://jabber.org/protocol/pubsub'>
                      <subscriptions node='\(node)'/></pubsub></iq>
            romeo < <iq type='error' id='5'><error type='cancel'>
                      <item-not-found xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>
            romeo > <iq type='get' id='6'><pubsub xmlns='http://jabber.org/protocol/pubsub#owner'>
                      <configure node='\(node)'/></pubsub></iq>
            romeo < <iq type='error' id='6'><error type='cancel'>
                      <item-not-found xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>
            """
        )
    }

    @Test("ping and version are answered at the service (XEP-0199, XEP-0092)")
    func others() async throws {
        try await conversation(
            with: "news.verona.lit",
            """
            romeo > <iq type='get' id='1'><ping xmlns='urn:xmpp:ping'/></iq>
            romeo < <iq type='result' id='1'/>
            romeo > <iq type='get' id='2'><query xmlns='jabber:iq:version'/></iq>
            romeo < <iq type='result' id='2'><query xmlns='jabber:iq:version'>
                      <name>Broadsheet</name><version>0.1</version></query></iq>
            """
        )
    }

    @Test("what nobody here knows is refused, and answers are never answered (RFC 6120 §8.4)")
    func unknown() async throws {
        try await conversation(
            with: "news.verona.lit",
            """
            romeo > <iq type='get' id='1'><query xmlns='jabber:iq:last'/></iq>
            romeo < <iq type='error' id='1'><error type='cancel'>
                      <service-unavailable xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>
            romeo > <iq type='set' id='2'><query xmlns='http://jabber.org/protocol/disco#info'/></iq>
            romeo < <iq type='error' id='2'><error type='cancel'>
                      <service-unavailable xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>
            romeo > <iq type='result' id='3'/>
            romeo > <iq type='error' id='4'><ping xmlns='urn:xmpp:ping'/></iq>
            romeo < nothing
            """
        )
    }
}
