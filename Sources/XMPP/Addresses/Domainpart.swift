import IDNA

/// The preparation of a domainpart (RFC 7622 §3.2).
enum Domainpart {
    /// Whether `prepare` would change nothing; no whenever in doubt.
    static func isPrepared(_ text: Substring) -> Bool {
        text.utf8.count <= JID.maximumPartLength && DomainName.isPrepared(text)
    }

    static func prepare(_ text: String) throws(JIDError) -> String {
        guard !text.isEmpty else { throw .empty(.domainpart) }
        let prepared = try domainName(text)
        if !prepared.utf8.elementsEqual(text.utf8) { try checkStability(of: prepared) }
        guard prepared.utf8.count <= JID.maximumPartLength else { throw .tooLong(.domainpart) }
        return prepared
    }

    /// Refuses a name that would not be read as the same when it is written.
    ///
    /// An A-label may stand for letters that what we do to U-labels makes others.
    private static func checkStability(of prepared: String) throws(JIDError) {
        guard try domainName(prepared) == prepared else {
            throw .notADomain(prepared, reason: "it changes when it is prepared again")
        }
    }

    private static func domainName(_ text: String) throws(JIDError) -> String {
        do {
            return try DomainName.prepare(text)
        } catch {
            throw .notADomain(error.text, reason: error.reason)
        }
    }
}
