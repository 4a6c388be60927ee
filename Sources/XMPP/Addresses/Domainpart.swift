/// The preparation of a domainpart (RFC 7622 §3.2).
enum Domainpart {
    static func prepare(_ text: String) throws(JIDError) -> String {
        guard !text.isEmpty else { throw .empty(.domainpart) }
        guard text.utf8.count <= 1023 else { throw .tooLong(.domainpart) }
        return text.lowercased()
    }
}
