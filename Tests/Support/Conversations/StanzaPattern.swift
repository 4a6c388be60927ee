import XML
import XMPP

/// A stanza as a script expects it: what it leaves open fits anything.
///
/// `from` and `to` of the stanza may be left out, and so may the text of an error, which is for
/// people. The value `*` of an attribute or a text fits any. The order of attributes means nothing.
struct StanzaPattern {
    let expected: Element

    init(_ expected: Element) {
        self.expected = expected
    }

    /// The first difference, in words; nil if the stanza fits.
    func difference(from stanza: Element) -> String? {
        var stanza = stanza.withoutIndentation
        for attribute in ["from", "to"] as [AttributeName] where expected[attribute] == nil {
            stanza[attribute] = nil
        }
        return Self.difference(expected, stanza, path: expected.name)
    }

    private static func difference(
        _ expected: Element,
        _ actual: Element,
        path: String
    ) -> String? {
        if expected.name != actual.name {
            return "\(path) is <\(actual.name)/>"
        }
        if expected.namespace != actual.namespace {
            return "\(path) is in '\(actual.namespace?.rawValue ?? "")', "
                + "not in '\(expected.namespace?.rawValue ?? "")'"
        }
        return attributeDifference(expected, actual, path: path)
            ?? childDifference(expected, actual, path: path)
    }

    private static func attributeDifference(
        _ expected: Element,
        _ actual: Element,
        path: String
    ) -> String? {
        for attribute in expected.attributes {
            let value = actual[attribute.name]
            guard value != attribute.value, value == nil || attribute.value != "*" else { continue }
            return "\(path) has \(attribute.name.rawValue)="
                + (value.map { "'\($0)'" } ?? "(missing)") + ", not '\(attribute.value)'"
        }
        for attribute in actual.attributes where expected[attribute.name] == nil {
            return "\(path) also has \(attribute.name.rawValue)='\(attribute.value)'"
        }
        return nil
    }

    private static func childDifference(
        _ expected: Element,
        _ actual: Element,
        path: String
    ) -> String? {
        let wanted = expected.children
        var got = actual.children
        if expected.isStanzaError, !wanted.contains(where: \.isErrorText) {
            got.removeAll(where: \.isErrorText)
        }
        for (left, right) in zip(wanted, got) {
            if let difference = difference(left, right, path: path) { return difference }
        }
        if wanted.count > got.count { return "\(path) lacks \(wanted[got.count].summary)" }
        if got.count > wanted.count { return "\(path) also has \(got[wanted.count].summary)" }
        return nil
    }

    private static func difference(
        _ expected: Element.Node,
        _ actual: Element.Node,
        path: String
    ) -> String? {
        switch (expected, actual) {
        case (.element(let left), .element(let right)):
            difference(left, right, path: "\(path)/\(left.name)")
        case (.text("*"), .text): nil
        case (.text(let left), .text(let right)):
            left == right ? nil : "\(path) says '\(right)', not '\(left)'"
        case (.element, .text), (.text, .element):
            "\(path) has \(actual.summary) instead of \(expected.summary)"
        }
    }
}

extension Element {
    fileprivate var isStanzaError: Bool {
        isNamed("error", in: .componentAccept)
    }
}

extension Element.Node {
    fileprivate var isErrorText: Bool {
        if case .element(let element) = self {
            element.isNamed("text", in: .stanzaErrors)
        } else {
            false
        }
    }

    fileprivate var summary: String {
        switch self {
        case .element(let element): "<\(element.name)/>"
        case .text(let text): "the text '\(text)'"
        }
    }
}
