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
