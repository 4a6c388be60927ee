public import XML

/// What an entity says of itself (XEP-0030 §3).
public struct DiscoInfo: Hashable, Sendable {
    public struct Identity: Hashable, Sendable {
        public var category: String
        public var type: String
        public var name: String?

        public init(category: String, type: String, name: String? = nil) {
            self.category = category
            self.type = type
            self.name = name
        }
    }

    public var node: String?
    public var identities: [Identity]
    public var features: [Namespace]
    /// Extended information (XEP-0128).
    public var forms: [DataForm]

    public init(
        node: String? = nil,
        identities: [Identity],
        features: [Namespace],
        forms: [DataForm] = []
    ) {
        self.node = node
        self.identities = identities
        self.features = features
        self.forms = forms
    }
}

extension DiscoInfo {
    public init(_ element: Element) {
        self.init(
            node: element["node"],
            identities: element.children("identity").compactMap { identity in
                guard let category = identity["category"], let type = identity["type"] else {
                    return nil
                }
                return Identity(category: category, type: type, name: identity["name"])
            },
            features: element.children("feature").compactMap { feature in
                feature["var"].map(Namespace.init(rawValue:))
            },
            forms: element.children("x", in: .dataForms).map(DataForm.init)
        )
    }

    public var element: Element {
        Element("query", in: .discoInfo, ["node": node]) {
            for identity in identities {
                Element(
                    "identity",
                    [
                        "category": identity.category, "type": identity.type,
                        "name": identity.name,
                    ]
                )
            }
            for feature in features {
                Element("feature", ["var": feature.rawValue])
            }
            forms.map(\.element)
        }
    }
}

/// What an entity holds (XEP-0030 §4).
public struct DiscoItems: Hashable, Sendable {
    public struct Entry: Hashable, Sendable {
        public var jid: JID
        public var node: String?
        public var name: String?

        public init(jid: JID, node: String? = nil, name: String? = nil) {
            self.jid = jid
            self.node = node
            self.name = name
        }
    }

    public var node: String?
    public var entries: [Entry]
    /// Which part of a long list this is (XEP-0059).
    public var page: ResultSetPage?

    public init(node: String? = nil, entries: [Entry], page: ResultSetPage? = nil) {
        self.node = node
        self.entries = entries
        self.page = page
    }

    /// Reads a `<query/>`; an entry without a proper address is left out.
    public init(_ element: Element) {
        self.init(
            node: element["node"],
            entries: element.children("item").compactMap { item in
                guard let jid = item["jid"].flatMap({ try? JID($0) }) else { return nil }
                return Entry(jid: jid, node: item["node"], name: item["name"])
            },
            page: element.child("set", in: .resultSets).map(ResultSetPage.init)
        )
    }

    public var element: Element {
        Element("query", in: .discoItems, ["node": node]) {
            for entry in entries {
                Element(
                    "item",
                    ["jid": entry.jid.description, "node": entry.node, "name": entry.name]
                )
            }
            page?.element
        }
    }
}
