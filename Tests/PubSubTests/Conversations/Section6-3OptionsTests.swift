import Testing

@Suite("XEP-0060 §6.3: configure subscription options")
struct OptionsTests {
    private let subscribed = """
        romeo > <iq type='set' id='0'><pubsub xmlns='http://jabber.org/protocol/pubsub'>
                  <subscribe node='verse' jid='romeo@verona.lit'/></pubsub></iq>
        romeo < <iq type='result' id='0'><pubsub xmlns='http://jabber.org/protocol/pubsub'>
                  <subscription node='verse' jid='romeo@verona.lit'
                    subscription='subscribed'><subscribe-options/></subscription></pubsub></iq>

        """

    private let published = """

        editor > <publish xmlns='urn:test:inside' node='verse' id='1'><body>A verse.</body>
                   <chat amount='full'>A whole verse.</chat><chat amount='short'>A verse</chat>
                   <chat amount='link'>xmpp:verse</chat></publish>
        editor < <started xmlns='urn:test:inside' readers='1'/>

        """

    private func change(_ fields: String) -> String {
        """
        romeo > <iq type='set' id='1'><pubsub xmlns='http://jabber.org/protocol/pubsub'>
                  <options node='verse' jid='romeo@verona.lit'>
                    <x xmlns='jabber:x:data' type='submit'>\(fields)</x></options></pubsub></iq>
        romeo <
        """
    }

    @Test("the form shows what is chosen, in words (§6.3.3)")
    func form() async throws {
        try await conversation(
            with: "news.verona.lit",
            subscribed + """
                romeo > <iq type='get' id='1'><pubsub xmlns='http://jabber.org/protocol/pubsub'>
                          <options node='verse' jid='romeo@verona.lit'/></pubsub></iq>
                romeo < <iq type='result' id='1'><pubsub xmlns='http://jabber.org/protocol/pubsub'>
                  <options node='verse' jid='romeo@verona.lit'>
                    <x xmlns='jabber:x:data' type='form'>
                      <title>How you get what is published</title>
                      <field var='FORM_TYPE' type='hidden'>
                        <value>http://jabber.org/protocol/pubsub#subscribe_options</value></field>
                      <field var='{urn:broadsheet:reader:0}form' type='list-single'
                          label='What you are sent'>
                        <value>event</value>
                        <option label='A PubSub event'><value>event</value></option>
                        <option label='A PubSub event with a short text'>
                          <value>event-body</value></option>
                        <option label='A plain message'><value>chat</value></option></field>
                      <field var='{urn:broadsheet:reader:0}amount' type='list-single'
                          label='How much text, in plain messages'>
                        <value>short</value>
                        <option label='All of it'><value>full</value></option>
                        <option label='A summary and a link'><value>short</value></option>
                        <option label='Only a link'><value>link</value></option></field>
                      <field var='{urn:broadsheet:reader:0}translations' type='boolean' label='*'>
                        <value>1</value></field>
                      <field var='pubsub#include_body' type='boolean'
                          label='A text for clients that do not know PubSub'>
                        <value>0</value></field>
                      <field var='pubsub#deliver' type='boolean'
                          label='Send me something at all'><value>1</value></field>
                      <field var='pubsub#expire' type='text-single' label='*'/>
                      <field var='pubsub#show-values' type='list-multi' label='*'>
                        <option label='*'><value>chat</value></option>
                        <option label='*'><value>online</value></option>
                        <option label='*'><value>away</value></option>
                        <option label='*'><value>xa</value></option>
                        <option label='*'><value>dnd</value></option></field>
                    </x></options></pubsub></iq>
                """
        )
    }

    @Test("include_body puts a text beside the event (§12.8)")
    func includeBody() async throws {
        let form = "<field var='pubsub#include_body'><value>true</value></field>"
        try await conversation(
            with: "news.verona.lit",
            subscribed + change(form) + " <iq type='result' id='1'/>" + published + """
                romeo < <message id='*' xml:lang='en'><body>A verse.</body>
                          <event xmlns='http://jabber.org/protocol/pubsub#event'>
                            <items node='verse'><item id='1' publisher='verse@news.verona.lit'>
                              <verse xmlns='urn:verse'/></item></items></event></message>
                """
        )
    }

    @Test("a reader may choose a plain message with as much text as they like")
    func chat() async throws {
        let form = """
            <field var='{urn:broadsheet:reader:0}form'><value>chat</value></field>\
            <field var='{urn:broadsheet:reader:0}amount'><value>full</value></field>
            """
        try await conversation(
            with: "news.verona.lit",
            subscribed + change(form) + " <iq type='result' id='1'/>" + published + """
                romeo < <message type='chat' id='*' xml:lang='en' from='verse@news.verona.lit'
                            to='romeo@verona.lit'>
                          <body>A whole verse.</body><thread>1@verse</thread><store xmlns='urn:xmpp:hints'/></message>
                """
        )
    }

    private func subscribe(_ field: String, _ value: String) -> String {
        Lines.set(
            "romeo",
            """
            <subscribe node='verse' jid='romeo@verona.lit'/>
            <options><x xmlns='jabber:x:data' type='submit'>
              <field var='{urn:broadsheet:reader:0}\(field)'><value>\(value)</value></field>
            </x></options>
            """
        )
    }

    @Test("who subscribes may choose at once; doing so again changes only what is said (§6.3.7)")
    func subscribeAndConfigure() async throws {
        try await conversation(
            with: "news.verona.lit",
            subscribe("form", "chat")
                + Lines.chosen("romeo", at: "verse", form: "chat")
                + subscribe("amount", "link")
                + Lines.chosen("romeo", at: "verse", form: "chat", amount: "link")
                + published + """
                    romeo < <message type='chat' id='*' xml:lang='en'>
                              <body>xmpp:verse</body><thread>1@verse</thread><store xmlns='urn:xmpp:hints'/></message>
                    """
        )
    }

    @Test(
        "options beside a subscription stand behind it, and name nobody (§6.3.7)",
        arguments: [
            "<options/><subscribe node='verse' jid='romeo@verona.lit'/>",
            "<subscribe node='verse' jid='romeo@verona.lit'/><options node='verse'/>",
            "<subscribe node='verse' jid='romeo@verona.lit'/><options jid='romeo@verona.lit'/>",
        ]
    )
    func misplaced(payload: String) async throws {
        try await conversation(
            with: "news.verona.lit",
            Lines.set("romeo", payload) + Lines.refused("romeo", "modify", "bad-request")
        )
    }

    @Test(
        "a value that is not possible is refused, and nothing changes (§6.3.6.2)",
        arguments: [
            "<field var='pubsub#include_body'><value>perhaps</value></field>",
            "<field var='{urn:broadsheet:reader:0}form'><value>pigeon</value></field>",
            "<field var='{urn:broadsheet:reader:0}form'><value>chat</value><value>event</value></field>",
            "<field var='{urn:broadsheet:reader:0}amount'/>",
            "<field var='FORM_TYPE'><value>http://jabber.org/protocol/pubsub#node_config</value></field>",
        ]
    )
    func impossible(field: String) async throws {
        let chat = "<field var='{urn:broadsheet:reader:0}amount'><value>full</value></field>"
        try await conversation(
            with: "news.verona.lit",
            subscribed + change(field + chat) + """
                 <iq type='error' id='1'><error type='modify'>
                   <bad-request xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/>
                   <invalid-options xmlns='http://jabber.org/protocol/pubsub#errors'/></error></iq>

                """
                + change("<field var='{urn:broadsheet:reader:0}form'><value>chat</value></field>")
                + " <iq type='result' id='1'/>" + published + """
                    romeo < <message type='chat' id='*' xml:lang='en'>
                              <body>A verse</body><thread>1@verse</thread><store xmlns='urn:xmpp:hints'/></message>
                    """
        )
    }

    @Test("without a subscription there is nothing to configure (§6.3.4)")
    func errors() async throws {
        try await conversation(
            with: "news.verona.lit",
            subscribed + """
                juliet > <iq type='get' id='1'><pubsub xmlns='http://jabber.org/protocol/pubsub'>
                           <options node='verse' jid='juliet@verona.lit'/></pubsub></iq>
                juliet < <iq type='error' id='1'><error type='cancel'>
                           <unexpected-request xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/>
                           <not-subscribed xmlns='http://jabber.org/protocol/pubsub#errors'/>
                         </error></iq>
                juliet > <iq type='get' id='2'><pubsub xmlns='http://jabber.org/protocol/pubsub'>
                           <options node='verse' jid='romeo@verona.lit'/></pubsub></iq>
                juliet < <iq type='error' id='2'><error type='auth'>
                           <forbidden xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>
                romeo > <iq type='get' id='3'><pubsub xmlns='http://jabber.org/protocol/pubsub'>
                          <options node='verse' jid='romeo@verona.lit' subid='x'/></pubsub></iq>
                romeo < <iq type='error' id='3'><error type='modify'>
                          <not-acceptable xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/>
                          <invalid-subid xmlns='http://jabber.org/protocol/pubsub#errors'/>
                        </error></iq>
                """
        )
    }
}
