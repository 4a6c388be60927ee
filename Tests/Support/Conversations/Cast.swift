import XML
import XMPP

/// Who takes part: their addresses, and what each has got and not yet looked at.
struct Cast {
    private let service: JID
    private let addresses: [String: JID]
    private var mailboxes: [String: [Element]] = [:]

    /// `addresses` has those of people who are not `name@` the service's parent domain.
    init(service: String, addresses: [String: String]) throws {
        self.service = try JID(service)
        self.addresses = try addresses.mapValues { try JID($0) }
    }

    /// The stanza with the sender's address and the service's, where the script leaves them out.
    func addressed(_ stanza: Element, from person: String) throws -> Element {
        var stanza = stanza
        if stanza["from"] == nil { stanza["from"] = try address(of: person).description }
        if stanza["to"] == nil { stanza["to"] = service.description }
        return stanza
    }

    mutating func deliver(_ stanza: Element) {
        mailboxes[person(at: stanza["to"] ?? ""), default: []].append(stanza)
    }

    /// The next stanza that person has got.
    mutating func next(for person: String) -> Element? {
        guard let first = mailboxes[person]?.first else { return nil }
        mailboxes[person]?.removeFirst()
        return first
    }

    func waiting(for person: String) -> Element? {
        mailboxes[person]?.first
    }

    /// Somebody who has got more than was looked at, the first by name.
    var unread: (person: String, stanza: Element)? {
        for (person, stanzas) in mailboxes.sorted(by: { $0.key < $1.key }) {
            if let stanza = stanzas.first { return (person, stanza) }
        }
        return nil
    }

    /// The resource of people who have only one client.
    private static let resource = "script"

    private func address(of person: String) throws -> JID {
        if let known = addresses[person] { return known }
        let parts = person.split(separator: "/", maxSplits: 1)
        return try JID(
            localpart: parts.first.map { String($0) } ?? person,
            domainpart: parentDomain,
            resourcepart: parts.count > 1 ? String(parts[1]) : Self.resource
        )
    }

    /// The name in the script; the address itself for somebody it does not know.
    private func person(at address: String) -> String {
        if let known = addresses.first(where: { $0.value.description == address }) {
            return known.key
        }
        guard let jid = try? JID(address), let local = jid.localpart,
            jid.domainpart == parentDomain
        else { return address }
        guard let resource = jid.resourcepart, resource != Self.resource else { return local }
        return "\(local)/\(resource)"
    }

    private var parentDomain: String {
        let domain = service.domainpart
        guard let dot = domain.firstIndex(of: ".") else { return domain }
        return String(domain[domain.index(after: dot)...])
    }
}
