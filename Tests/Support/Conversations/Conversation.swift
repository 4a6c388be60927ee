import XML
import XMPP

/// Plays a script against a service, and throws where the two part (``ConversationError``).
///
/// Each person is `name@` the parent domain of the service; `addresses` names those who are not.
/// What somebody gets and the script does not mention is an error too.
public func conversation(
    with service: String,
    through partner: some ConversationPartner,
    addresses: [String: String] = [:],
    _ script: String
) async throws {
    var cast = try Cast(service: service, addresses: addresses)
    for line in try Script(script).lines {
        switch line.action {
        case .says(let stanza):
            let addressed = try cast.addressed(stanza, from: line.person)
            for answer in try await partner.receive(addressed) {
                cast.deliver(answer)
            }
        case .hears(let expected):
            try check(cast.next(for: line.person), against: expected, at: line)
        case .hearsNothing:
            if let stanza = cast.waiting(for: line.person) {
                throw ConversationError.expectedSilence(
                    line: line.number,
                    person: line.person,
                    got: show(stanza)
                )
            }
        }
    }
    if let (person, stanza) = cast.unread {
        throw ConversationError.unmentioned(person: person, got: show(stanza))
    }
}

private func check(
    _ stanza: Element?,
    against expected: Element,
    at line: Script.Line
) throws(ConversationError) {
    let difference =
        if let stanza {
            StanzaPattern(expected).difference(from: stanza)
        } else {
            "nothing came"
        }
    guard let difference else { return }
    throw .heardOtherwise(
        line: line.number,
        person: line.person,
        expected: show(expected),
        got: stanza.map(show),
        why: difference
    )
}

private func show(_ stanza: Element) -> String {
    stanza.withoutIndentation.indented(inheriting: .componentAccept)
}
