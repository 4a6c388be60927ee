/// Lines that most scripts have.
enum Lines {
    private static let pubsub = "http://jabber.org/protocol/pubsub"

    /// Somebody asks the service to do something.
    static func set(_ person: String, _ action: String, id: String = "1") -> String {
        request(person, "set", action, id, pubsub)
    }

    static func get(_ person: String, _ action: String, id: String = "1") -> String {
        request(person, "get", action, id, pubsub)
    }

    /// An owner does.
    static func ownerSets(_ person: String, _ action: String, id: String = "1") -> String {
        request(person, "set", action, id, pubsub + "#owner")
    }

    static func ownerGets(_ person: String, _ action: String, id: String = "1") -> String {
        request(person, "get", action, id, pubsub + "#owner")
    }

    /// It is done, and there is nothing to say of it.
    static func done(_ person: String, id: String = "1") -> String {
        "\(person) < <iq type='result' id='\(id)'/>\n"
    }

    static func result(
        _ person: String,
        _ payload: String,
        id: String = "1",
        space: String = ""
    ) -> String {
        """
        \(person) < <iq type='result' id='\(id)'>
          <pubsub xmlns='\(pubsub)\(space)'>\(payload)</pubsub></iq>

        """
    }

    /// It is refused: with an error's type, its condition, and that of XEP-0060 if there is one.
    static func refused(
        _ person: String,
        _ type: String,
        _ condition: String,
        _ own: String? = nil,
        id: String = "1"
    ) -> String {
        let child = own.map { "<\($0) xmlns='\(pubsub)#errors'/>" } ?? ""
        return """
            \(person) < <iq type='error' id='\(id)'><error type='\(type)'>
              <\(condition) xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/>\(child)</error></iq>

            """
    }

    /// Somebody is told of an event in the node.
    static func event(_ person: String, _ event: String, attributes: String = "") -> String {
        """
        \(person) < <message id='*' \(attributes)>
          <event xmlns='\(pubsub)#event'>\(event)</event></message>

        """
    }

    /// A form as it is sent back, with `pubsub#` before each name.
    static func form(_ type: String, _ fields: KeyValuePairs<String, String>) -> String {
        let fields = fields.map { name, value in
            "<field var='pubsub#\(name)'><value>\(value)</value></field>"
        }
        return """
            <x xmlns='jabber:x:data' type='submit'>
              <field var='FORM_TYPE' type='hidden'><value>\(pubsub)#\(type)</value></field>
              \(fields.joined())</x>
            """
    }

    /// Juliet creates a node, configured as said.
    static func created(
        _ node: String,
        _ fields: KeyValuePairs<String, String> = [:]
    ) -> String {
        set(
            "juliet",
            "<create node='\(node)'/><configure>\(form("node_config", fields))</configure>",
            id: "create"
        ) + result("juliet", "<create node='\(node)'/>", id: "create")
    }

    /// Somebody subscribes, and is.
    static func subscribed(_ person: String, to node: String) -> String {
        let jid = "\(person)@verona.lit"
        return set(person, "<subscribe node='\(node)' jid='\(jid)'/>", id: "sub")
            + result(
                person,
                """
                <subscription node='\(node)' jid='\(jid)' subscription='subscribed'>
                  <subscribe-options/></subscription>
                """,
                id: "sub"
            )
    }

    /// Somebody subscribes and chooses what to get.
    static func subscribed(_ person: String, to node: String, form: String) -> String {
        set(
            person,
            """
            <subscribe node='\(node)' jid='\(person)@verona.lit'/>
            <options><x xmlns='jabber:x:data' type='submit'>
              <field var='{urn:broadsheet:reader:0}form'><value>\(form)</value></field>
            </x></options>
            """
        ) + chosen(person, at: node, form: form)
    }

    /// The answer to a subscription with options: they are as said.
    static func chosen(
        _ person: String,
        at node: String,
        form: String,
        amount: String = "short"
    ) -> String {
        result(
            person,
            """
            <subscription node='\(node)' jid='\(person)@verona.lit' subscription='subscribed'/>
            <options><x xmlns='jabber:x:data' type='result'>
              <field var='FORM_TYPE' type='hidden'>
                <value>http://jabber.org/protocol/pubsub#subscribe_options</value></field>
              <field var='{urn:broadsheet:reader:0}form'><value>\(form)</value></field>
              <field var='{urn:broadsheet:reader:0}amount'><value>\(amount)</value></field>
              <field var='{urn:broadsheet:reader:0}translations'><value>1</value></field>
              <field var='pubsub#include_body'><value>\(form == "event" ? "0" : "1")</value></field>
              <field var='pubsub#deliver'><value>1</value></field>
              <field var='pubsub#expire'/><field var='pubsub#show-values'/></x></options>
            """
        )
    }

    /// An owner gives somebody an affiliation, and both hear of it.
    static func affiliated(_ person: String, as affiliation: String, with node: String) -> String {
        let entry = "<affiliation jid='\(person)@verona.lit' affiliation='\(affiliation)'/>"
        return ownerSets(
            "juliet",
            "<affiliations node='\(node)'>\(entry)</affiliations>",
            id: "aff"
        ) + done("juliet", id: "aff")
            + """
            \(person) < <message id='*'><pubsub xmlns='\(pubsub)'>
              <affiliations node='\(node)'>\(entry)</affiliations></pubsub></message>

            """
    }

    /// An owner is asked whether somebody may subscribe.
    static func request(
        toDecideOn person: String,
        at node: String,
        to owner: String = "juliet"
    ) -> String {
        """
        \(owner) < <message id='*'><x xmlns='jabber:x:data' type='form'>
          <title>Request to subscribe</title>
          <instructions>Allow \(person)@verona.lit to subscribe to '\(node)'?</instructions>
          <field var='FORM_TYPE' type='hidden'>
            <value>http://jabber.org/protocol/pubsub#subscribe_authorization</value></field>
          <field var='pubsub#node' type='text-single' label='Node'><value>\(node)</value></field>
          <field var='pubsub#subscriber_jid' type='jid-single' label='Subscriber'>
            <value>\(person)@verona.lit</value></field>
          <field var='pubsub#allow' type='boolean' label='Allow'><value>0</value></field>
          </x></message>

        """
    }

    private static func request(
        _ person: String,
        _ type: String,
        _ action: String,
        _ id: String,
        _ namespace: String
    ) -> String {
        """
        \(person) > <iq type='\(type)' id='\(id)'>
          <pubsub xmlns='\(namespace)'>\(action)</pubsub></iq>

        """
    }
}
