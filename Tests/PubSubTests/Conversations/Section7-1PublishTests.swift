import Testing

@Suite("XEP-0060 §7.1: publish an item")
struct PublishTests {
    private func subscribes(_ name: String, form: String) -> String {
        Lines.subscribed(name, to: "verse", form: form)
    }

    private let event = """
        <event xmlns='http://jabber.org/protocol/pubsub#event'><items node='verse'>
          <item id='1' publisher='verse@news.verona.lit'>
            <verse xmlns='urn:verse'>It is the <em>east</em></verse></item></items></event>
        """

    @Test("each reader gets what they have chosen; who has not subscribed gets nothing (§7.1.2)")
    func forms() async throws {
        try await conversation(
            with: "news.verona.lit",
            subscribes("romeo", form: "event") + subscribes("juliet", form: "event-body")
                + subscribes("nurse", form: "chat")
                    + """
                    editor > <publish xmlns='urn:test:inside' node='verse' id='1'>
                               <verse xmlns='urn:verse'>It is the <em>east</em></verse>
                               <body>The east &amp; Juliet</body>
                               <chat amount='short'>It is the east: xmpp:verse</chat></publish>
                    editor < <started xmlns='urn:test:inside' readers='3'/>
                    romeo  < <message from='news.verona.lit' to='romeo@verona.lit' id='*'
                                xml:lang='en'>\(event)</message>
                    juliet < <message from='news.verona.lit' to='juliet@verona.lit' id='*'
                                xml:lang='en'><body>The east &amp; Juliet</body>\(event)</message>
                    nurse  < <message type='chat' from='verse@news.verona.lit' to='nurse@verona.lit'
                                id='*' xml:lang='en'>
                               <body>It is the east: xmpp:verse</body>
                               <thread>1@verse</thread><store xmlns='urn:xmpp:hints'/></message>
                    tybalt < nothing
                    """
        )
    }

    @Test("a reader whose amount has no text gets nothing, and does not count")
    func withoutText() async throws {
        try await conversation(
            with: "news.verona.lit",
            subscribes("nurse", form: "chat") + """
                editor > <publish xmlns='urn:test:inside' node='verse' id='1'/>
                editor < <started xmlns='urn:test:inside' readers='0'/>
                nurse  < nothing
                """
        )
    }

    @Test(
        "an item that is published again replaces the first, and readers are told (§7.1.2, §12.9)"
    )
    func again() async throws {
        try await conversation(
            with: "news.verona.lit",
            subscribes("romeo", form: "event") + """
                editor > <publish xmlns='urn:test:inside' node='verse' id='1'/>
                editor < <started xmlns='urn:test:inside' readers='1'/>
                romeo  < <message id='*' xml:lang='en'>
                           <event xmlns='http://jabber.org/protocol/pubsub#event'>
                             <items node='verse'><item id='1' publisher='verse@news.verona.lit'>
                               <verse xmlns='urn:verse'/></item></items></event></message>
                editor > <publish xmlns='urn:test:inside' node='verse' id='1'>
                           <verse xmlns='urn:verse'>It is the <em>east</em></verse></publish>
                editor < <started xmlns='urn:test:inside' readers='1'/>
                romeo  < <message id='*' xml:lang='en'>\(event)</message>
                romeo  > <iq type='get' id='1'><pubsub xmlns='http://jabber.org/protocol/pubsub'>
                           <items node='verse'/></pubsub></iq>
                romeo  < <iq type='result' id='1'><pubsub xmlns='http://jabber.org/protocol/pubsub'>
                           <items node='verse'><item id='1' publisher='verse@news.verona.lit'>
                             <verse xmlns='urn:verse'>It is the <em>east</em></verse></item>
                           </items></pubsub></iq>
                """
        )
    }

    @Test("the same item does not go out twice at a time; another one may")
    func stillRunning() async throws {
        try await conversation(
            with: "news.verona.lit",
            subscribes("romeo", form: "event") + """
                editor > <publish xmlns='urn:test:inside' node='verse' id='1' hold='true'>
                           <verse xmlns='urn:verse'>It is the <em>east</em></verse></publish>
                editor < <started xmlns='urn:test:inside' readers='1'/>
                editor > <publish xmlns='urn:test:inside' node='verse' id='1'/>
                editor < <refused xmlns='urn:test:inside'>'1' is still going out to the readers of 'verse'. Wait until that is done.</refused>
                editor > <publish xmlns='urn:test:inside' node='verse' id='2' hold='true'/>
                editor < <started xmlns='urn:test:inside' readers='1'/>
                romeo  < nothing
                editor > <deliver xmlns='urn:test:inside'/>
                romeo  < <message id='*' xml:lang='en'>\(event)</message>
                romeo  < <message id='*' xml:lang='en'>
                           <event xmlns='http://jabber.org/protocol/pubsub#event'>
                             <items node='verse'><item id='2' publisher='verse@news.verona.lit'>
                               <verse xmlns='urn:verse'/></item></items></event></message>
                """
        )
    }

    @Test("who joins after the start is not in it; who leaves before their turn is not either")
    func joinAndLeave() async throws {
        try await conversation(
            with: "news.verona.lit",
            subscribes("romeo", form: "event") + subscribes("tybalt", form: "event") + """
                editor > <publish xmlns='urn:test:inside' node='verse' id='1' hold='true'>
                           <verse xmlns='urn:verse'>It is the <em>east</em></verse></publish>
                editor < <started xmlns='urn:test:inside' readers='2'/>
                tybalt > <iq type='set' id='1'><pubsub xmlns='http://jabber.org/protocol/pubsub'>
                           <unsubscribe node='verse' jid='tybalt@verona.lit'/></pubsub></iq>
                tybalt < <iq type='result' id='1'/>

                """ + subscribes("juliet", form: "event") + """
                    editor > <deliver xmlns='urn:test:inside'/>
                    romeo  < <message id='*' xml:lang='en'>\(event)</message>
                    """
        )
    }

    @Test("a translation that is missing goes out as plain messages only")
    func plainCopies() async throws {
        try await conversation(
            with: "news.verona.lit",
            subscribes("romeo", form: "event") + subscribes("nurse", form: "chat") + """
                editor > <plain xmlns='urn:test:inside' node='verse' id='1'>
                           <chat amount='short'>In Italian still</chat></plain>
                editor < <started xmlns='urn:test:inside' readers='1'/>
                nurse  < <message type='chat' id='*' xml:lang='en'>
                           <body>In Italian still</body><thread>1@verse</thread><store xmlns='urn:xmpp:hints'/></message>
                romeo  < nothing
                romeo  > <iq type='get' id='1'><pubsub xmlns='http://jabber.org/protocol/pubsub'>
                           <items node='verse'/></pubsub></iq>
                romeo  < <iq type='result' id='1'><pubsub xmlns='http://jabber.org/protocol/pubsub'>
                           <items node='verse'/></pubsub></iq>
                """
        )
    }

    @Test("there is no publishing to a node that does not exist; to a hidden one there is")
    func nodes() async throws {
        try await conversation(
            with: "news.verona.lit",
            """
            editor > <publish xmlns='urn:test:inside' node='elegy' id='1'/>
            editor < <refused xmlns='urn:test:inside'>There is no node 'elegy' here.</refused>
            editor > <publish xmlns='urn:test:inside' node='drafts' id='1'/>
            editor < <started xmlns='urn:test:inside' readers='0'/>
            """
        )
    }

    @Test("a stranger may not publish, and nobody is notified (§7.1.3.1)")
    func wire() async throws {
        try await conversation(
            with: "news.verona.lit",
            subscribes("romeo", form: "event") + """
                tybalt > <iq type='set' id='1'><pubsub xmlns='http://jabber.org/protocol/pubsub'>
                           <publish node='verse'><item id='1'><verse xmlns='urn:verse'/></item>
                           </publish></pubsub></iq>
                tybalt < <iq type='error' id='1'><error type='auth'>
                           <forbidden xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>
                romeo  < nothing
                """
        )
    }
}
