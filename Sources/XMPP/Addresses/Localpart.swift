/// The preparation of a localpart (RFC 7622 §3.3).
enum Localpart {
    static func prepare(_ text: String) throws(JIDError) -> String {
        guard !text.isEmpty else { throw .empty(.localpart) }
        guard text.utf8.count <= 1023 else { throw .tooLong(.localpart) }
        return text.lowercased()
    }
}
