import XML
import XMPP

/// A dialogue as it is written down: who says what, and what each hears.
///
///     romeo  > <iq …/>      romeo sends it
///     romeo  < <iq …/>      the next stanza romeo gets is this one
///     juliet < nothing      juliet has got nothing else so far
///     # a remark
///
/// A stanza goes on over as many lines as it needs. `romeo/phone` is another client of Romeo's.
struct Script {
    enum Action {
        case says(Element)
        case hears(Element)
        case hearsNothing
    }

    struct Line {
        /// Counted from 1 within the script.
        let number: Int
        let person: String
        let action: Action
    }

    let lines: [Line]

    init(_ text: String) throws(ConversationError) {
        var lines: [Line] = []
        for draft in Self.drafts(text) {
            lines.append(try Self.line(draft))
        }
        guard !lines.isEmpty else { throw .emptyScript }
        self.lines = lines
    }

    // MARK: - From text to lines

    /// A line before its stanza is parsed.
    private struct Draft {
        let number: Int
        let person: String
        let isSpoken: Bool
        var text: String
    }

    private static func drafts(_ text: String) -> [Draft] {
        var drafts: [Draft] = []
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        for (index, line) in lines.enumerated() {
            if line.drop(while: \.isWhitespace).first == "#" { continue }
            if let match = line.wholeMatch(of: /\s*([A-Za-z][^\s<>]*)\s+([<>])\s+(.*)/) {
                drafts.append(
                    Draft(
                        number: index + 1,
                        person: String(match.1),
                        isSpoken: match.2 == ">",
                        text: String(match.3)
                    )
                )
            } else if !drafts.isEmpty {
                drafts[drafts.count - 1].text += "\n" + line
            } else if !line.allSatisfy(\.isWhitespace) {
                drafts.append(
                    Draft(number: index + 1, person: "", isSpoken: true, text: String(line))
                )
            }
        }
        return drafts
    }

    private static func line(_ draft: Draft) throws(ConversationError) -> Line {
        let isNothing = draft.text.trimmingPrefix(/\s*/).wholeMatch(of: /nothing\s*/) != nil
        let action: Action
        if isNothing && !draft.isSpoken {
            action = .hearsNothing
        } else {
            guard !draft.person.isEmpty, let stanza = stanza(draft.text) else {
                throw .unreadable(line: draft.number, text: draft.text)
            }
            action = draft.isSpoken ? .says(stanza) : .hears(stanza)
        }
        return Line(number: draft.number, person: draft.person, action: action)
    }

    /// The one element in the text, in the namespace of a component's stream.
    private static func stanza(_ text: String) -> Element? {
        let stream = "<stream xmlns='\(Namespace.componentAccept.rawValue)'>\(text)</stream>"
        guard let events = try? Parser().parse(stream.utf8) else { return nil }
        let elements = events.compactMap { event in
            if case .element(let element) = event { element } else { nil }
        }
        return elements.count == 1 ? elements.first?.withoutIndentation : nil
    }
}

extension Element {
    /// The same without the white space that only sets elements apart.
    var withoutIndentation: Element {
        let hasElements = children.contains { node in
            if case .element = node { true } else { false }
        }
        return Element(name, in: namespace, attributes) {
            for child in children {
                switch child {
                case .element(let element): element.withoutIndentation
                case .text(let text):
                    if !hasElements || !text.allSatisfy(\.isWhitespace) { text }
                }
            }
        }
    }
}
