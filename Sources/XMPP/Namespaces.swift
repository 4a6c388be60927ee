public import XML

/// Every namespace we use, with where it is defined.
extension Namespace {
    // MARK: Streams and stanzas

    /// RFC 6120 §4.8.1.
    public static let stream: Namespace = "http://etherx.jabber.org/streams"
    /// RFC 6120 §4.9.2.
    public static let streamErrors: Namespace = "urn:ietf:params:xml:ns:xmpp-streams"
    /// RFC 6120 §8.3.2.
    public static let stanzaErrors: Namespace = "urn:ietf:params:xml:ns:xmpp-stanzas"
    /// XEP-0114 §3: stanzas on a component's stream.
    public static let componentAccept: Namespace = "jabber:component:accept"
    /// RFC 6120 §4.8.2: stanzas within a payload, as forwarded ones.
    public static let client: Namespace = "jabber:client"

    // MARK: Vocabularies

    /// XEP-0004.
    public static let dataForms: Namespace = "jabber:x:data"
    /// XEP-0012.
    public static let lastActivity: Namespace = "jabber:iq:last"
    /// XEP-0027, which people still meet.
    public static let legacyOpenPGP: Namespace = "jabber:x:encrypted"
    /// XEP-0030.
    public static let discoInfo: Namespace = "http://jabber.org/protocol/disco#info"
    /// XEP-0030.
    public static let discoItems: Namespace = "http://jabber.org/protocol/disco#items"
    /// XEP-0033.
    public static let address: Namespace = "http://jabber.org/protocol/address"
    /// XEP-0045.
    public static let muc: Namespace = "http://jabber.org/protocol/muc"
    /// XEP-0045.
    public static let mucUser: Namespace = "http://jabber.org/protocol/muc#user"
    /// XEP-0045 §10.
    public static let mucOwner: Namespace = "http://jabber.org/protocol/muc#owner"
    /// XEP-0050.
    public static let commands: Namespace = "http://jabber.org/protocol/commands"
    /// XEP-0054.
    public static let vCard: Namespace = "vcard-temp"
    /// XEP-0059.
    public static let resultSets: Namespace = "http://jabber.org/protocol/rsm"
    /// XEP-0060.
    public static let pubsub: Namespace = "http://jabber.org/protocol/pubsub"
    /// XEP-0060.
    public static let pubsubErrors: Namespace = "http://jabber.org/protocol/pubsub#errors"
    /// XEP-0060.
    public static let pubsubEvent: Namespace = "http://jabber.org/protocol/pubsub#event"
    /// XEP-0060.
    public static let pubsubOwner: Namespace = "http://jabber.org/protocol/pubsub#owner"
    /// XEP-0066.
    public static let outOfBand: Namespace = "jabber:x:oob"
    /// XEP-0077.
    public static let registration: Namespace = "jabber:iq:register"
    /// XEP-0091, which some servers still use for a room's history.
    public static let legacyDelay: Namespace = "jabber:x:delay"
    /// XEP-0084.
    public static let avatarData: Namespace = "urn:xmpp:avatar:data"
    /// XEP-0084.
    public static let avatarMetadata: Namespace = "urn:xmpp:avatar:metadata"
    /// XEP-0092.
    public static let softwareVersion: Namespace = "jabber:iq:version"
    /// XEP-0115.
    public static let capabilities: Namespace = "http://jabber.org/protocol/caps"
    /// XEP-0122.
    public static let dataFormValidation: Namespace = "http://jabber.org/protocol/xdata-validate"
    /// XEP-0153.
    public static let vCardUpdate: Namespace = "vcard-temp:x:update"
    /// XEP-0172.
    public static let nick: Namespace = "http://jabber.org/protocol/nick"
    /// XEP-0184.
    public static let receipts: Namespace = "urn:xmpp:receipts"
    /// XEP-0199.
    public static let ping: Namespace = "urn:xmpp:ping"
    /// XEP-0202.
    public static let entityTime: Namespace = "urn:xmpp:time"
    /// XEP-0203.
    public static let delay: Namespace = "urn:xmpp:delay"
    /// XEP-0249.
    public static let directInvitation: Namespace = "jabber:x:conference"
    /// XEP-0292, RFC 6351.
    public static let vCard4: Namespace = "urn:ietf:params:xml:ns:vcard-4.0"
    /// XEP-0297.
    public static let forwarding: Namespace = "urn:xmpp:forward:0"
    /// XEP-0313.
    public static let archive: Namespace = "urn:xmpp:mam:2"
    /// XEP-0334.
    public static let hints: Namespace = "urn:xmpp:hints"
    /// XEP-0353.
    public static let callInvitation: Namespace = "urn:xmpp:jingle-message:0"
    /// XEP-0359.
    public static let stanzaIDs: Namespace = "urn:xmpp:sid:0"
    /// XEP-0373.
    public static let openPGP: Namespace = "urn:xmpp:openpgp:0"
    /// XEP-0384, in the version that most clients speak.
    public static let omemo: Namespace = "eu.siacs.conversations.axolotl"
    /// XEP-0384.
    public static let omemo2: Namespace = "urn:xmpp:omemo:2"
    /// XEP-0413.
    public static let orderBy: Namespace = "urn:xmpp:order-by:1"
    /// XEP-0413, as the feature that says that it works in PubSub.
    public static let orderByInPubSub: Namespace =
        "urn:xmpp:order-by:1@http://jabber.org/protocol/pubsub"
    /// XEP-0317.
    public static let hats: Namespace = "urn:xmpp:hats:0"
    /// XEP-0421.
    public static let occupantID: Namespace = "urn:xmpp:occupant-id:0"
    /// XEP-0424.
    public static let retraction: Namespace = "urn:xmpp:message-retract:1"
    /// XEP-0428.
    public static let fallback: Namespace = "urn:xmpp:fallback:0"
    /// XEP-0431.
    public static let fullText: Namespace = "urn:xmpp:fulltext:0"
    /// XEP-0461.
    public static let reply: Namespace = "urn:xmpp:reply:0"
    /// Reactions to messages (XEP-0444).
    public static let reactions: Namespace = "urn:xmpp:reactions:0"
    /// Corrections of one's own last message (XEP-0308).
    public static let correction: Namespace = "urn:xmpp:message-correct:0"
    /// XEP-0462.
    public static let pubsubFilter: Namespace = "urn:xmpp:pubsub-filter:0"
    /// XEP-0465.
    public static let publicSubscriptions: Namespace = "urn:xmpp:pps:0"
    /// XEP-0472.
    public static let socialFeed: Namespace = "urn:xmpp:pubsub-social-feed:1"

    // MARK: Formats

    /// RFC 4287.
    public static let atom: Namespace = "http://www.w3.org/2005/Atom"
    /// RFC 5005 §4.
    public static let feedHistory: Namespace = "http://purl.org/syndication/history/1.0"
    /// A map of a site for search engines (https://www.sitemaps.org/protocol.html).
    public static let sitemap: Namespace = "http://www.sitemaps.org/schemas/sitemap/0.9"
    public static let xhtml: Namespace = "http://www.w3.org/1999/xhtml"
}
