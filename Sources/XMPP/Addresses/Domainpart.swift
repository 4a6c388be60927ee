import IDNA

/// The preparation of a domainpart (RFC 7622 §3.2).
enum Domainpart {
    static func prepare(_ text: String) throws(JIDError) -> String {
        guard !text.isEmpty else { throw .empty(.domainpart) }
        let prepared: String
        do {
            prepared = try DomainName.prepare(text)
        } catch {
            throw .notADomain(error.text, reason: error.reason)
        }
        guard prepared.utf8.count <= JID.maximumPartLength else { throw .tooLong(.domainpart) }
        return prepared
    }
}
