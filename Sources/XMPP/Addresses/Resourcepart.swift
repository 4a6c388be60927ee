/// The preparation of a resourcepart (RFC 7622 §3.4).
enum Resourcepart {
    static func prepare(_ text: String) throws(JIDError) -> String {
        guard !text.isEmpty else { throw .empty(.resourcepart) }
        guard text.utf8.count <= 1023 else { throw .tooLong(.resourcepart) }
        return text
    }
}
