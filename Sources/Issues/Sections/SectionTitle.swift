import Foundation

/// A heading's text as the spellings of a taxonomy are compared with it.
struct SectionTitle: Hashable {
    /// In lower case and normalised, with straight apostrophes, single blanks, Latin letters for
    /// those that only look so, and without the signs around it.
    let folded: String

    init(_ text: String) {
        var scalars: [Unicode.Scalar] = []
        let normal =
            text.utf8.allSatisfy { $0 < 0x80 }
            ? text : text.precomposedStringWithCompatibilityMapping
        for scalar in LookAlike.latin(normal).lowercased().unicodeScalars {
            switch scalar {
            case "’", "‘", "`", "´": scalars.append("'")
            case _ where scalar.properties.isWhitespace:
                if scalars.last != " " { scalars.append(" ") }
            default: scalars.append(scalar)
            }
        }
        var rest = scalars[...]
        while let first = rest.first, " ¡¿".unicodeScalars.contains(first) { rest.removeFirst() }
        while let last = rest.last, " :.!?…".unicodeScalars.contains(last) { rest.removeLast() }
        folded = String(String.UnicodeScalarView(rest))
    }

    private init(folded: Substring) {
        self.folded = folded.trimmingBlanks()
    }

    /// The title, the title without what stands in brackets behind it, and that alone.
    var forms: [SectionTitle] {
        guard folded.hasSuffix(")"), let open = folded.firstIndex(of: "(") else { return [self] }
        let inner = folded[folded.index(after: open)...].dropLast()
        return [self, SectionTitle(folded: folded[..<open]), SectionTitle(folded: inner)]
            .filter { !$0.folded.isEmpty }
    }

    /// The words alone, without accents, numbers and "XMPP", which come and go with the years.
    var words: String {
        let plain = folded.folding(options: .diacriticInsensitive, locale: nil)
        return plain.split { !$0.isLetter && !$0.isNumber }
            .filter { $0 != "xmpp" && !$0.allSatisfy(\.isNumber) }
            .joined(separator: " ")
    }
}

extension Substring {
    fileprivate func trimmingBlanks() -> String { String(self).trimmingBlanks() }
}
