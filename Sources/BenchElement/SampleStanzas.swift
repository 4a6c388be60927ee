import XML

/// Stanzas such as the component sends and receives all day.
enum SampleStanzas {
    private static let atom: Namespace = "http://www.w3.org/2005/Atom"
    private static let xhtml: Namespace = "http://www.w3.org/1999/xhtml"
    private static let component: Namespace = "jabber:component:accept"

    /// A PubSub event with an issue of a newsletter in it, of about 15 kB.
    static func newsletter() -> Element {
        Element(
            "message",
            in: component,
            [
                "from": "news.example.org", "to": "reader@example.net/phone", "id": "f41-2207",
                "type": "normal",
            ]
        ) {
            Element("event", in: "http://jabber.org/protocol/pubsub#event") {
                Element("items", ["node": "newsletter-en"]) {
                    Element("item", ["id": "2026-11", "publisher": "editors@news.example.org"]) {
                        entry()
                    }
                }
            }
        }
    }

    /// A question that every server asks, of about 300 bytes.
    static func request() -> Element {
        Element(
            "iq",
            in: component,
            [
                "from": "juliet@capulet.example/balcony", "to": "news.example.org",
                "id": "items-17",
                "type": "get", .xmlLang: "en",
            ]
        ) {
            Element("pubsub", in: "http://jabber.org/protocol/pubsub") {
                Element("items", ["node": "newsletter-en", "max_items": "10"])
                Element("set", in: "http://jabber.org/protocol/rsm") {
                    Element("max") { "10" }
                    Element("after") { "2026-10-autumn" }
                }
            }
        }
    }

    private static func entry() -> Element {
        Element("entry", in: atom) {
            Element("title", ["type": "text"]) { "The Harbour Letter, November" }
            Element("id") { "tag:news.example.org,2026-11-01:harbour/2026-11/en" }
            Element("published") { "2026-11-01T08:00:00Z" }
            Element("updated") { "2026-11-02T17:45:00Z" }
            Element("author") {
                Element("name") { "The editors" }
                Element("uri") { "xmpp:editors@news.example.org" }
            }
            for term in ["harbour", "ships", "weather"] {
                Element("category", ["term": term])
            }
            for language in ["de", "fr", "es"] {
                Element(
                    "link",
                    [
                        "rel": "related", "hreflang": language,
                        "href": "https://news.example.org/2026-11/\(language)/",
                    ]
                )
            }
            Element("content", ["type": "xhtml", .xmlLang: "en"]) {
                Element("div", in: xhtml) { (1...14).flatMap(section) }
            }
        }
    }

    private static func section(_ number: Int) -> [Element] {
        [
            Element("h2") { "\(number). What the pilots saw" },
            Element("p") {
                "The ferry “Dunlin” was late on "
                Element("em") { "two mornings" }
                " of this month, & nobody on the quay was surprised: the channel had less than "
                Element("strong") { "4 m" }
                " of water at low tide.\nThe "
                link("soundings", number)
                " of the last survey are on the board beside the lock, and a drawing of them in "
                "the reading room; whoever doubts them may row out and measure again."
            },
            Element("p") {
                "Three crews asked how a berth is booked. One writes to "
                link("the harbour office", number)
                ", says how long and how deep the ship is, and gets a place by the evening. "
                Element("code") { "length < 12" }
                " needs no pilot."
            },
            Element("ul") {
                for (place, depth) in [("North quay", "3.8"), ("Lock", "4.1"), ("Old pier", "2.2")]
                {
                    Element("li") {
                        link(place, number)
                        ": \(depth) m, "
                        Element("em") { "mud" }
                    }
                }
            },
        ]
    }

    private static func link(_ text: String, _ number: Int) -> Element {
        Element("a", ["href": "https://news.example.org/2026-11/#part-\(number)"]) { text }
    }
}
