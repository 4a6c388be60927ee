import XML
import XMPP

@testable import Issues

/// Looks into what was rendered.
enum Markup {
    /// The elements and attributes that are not on the list, and texts that should be one.
    static func strangers(
        in element: Element,
        besides others: [String: Set<String>] = [:]
    ) -> [String] {
        var found: [String] = []
        let allowed = others[element.name] ?? XHTMLRendering.allowedAttributes[element.name]
        if allowed == nil || element.namespace != .xhtml { found.append(element.name) }
        for attribute in element.attributes
        where allowed?.contains(attribute.name.rawValue) != true {
            found.append("\(element.name)/@\(attribute.name.rawValue)")
        }
        return found + element.elements.flatMap { strangers(in: $0, besides: others) }
    }

    /// The addresses that do not work from anywhere.
    static func badAddresses(in element: Element) -> [String] {
        let own = [element["href"], element["src"]].compactMap { $0 }.filter { address in
            let scheme = address.prefix { $0 != ":" }
            let isAllowed = ["http", "https", "xmpp", "mailto"].contains(scheme)
            return !isAllowed || address.utf8.contains { $0 <= 0x20 || $0 == 0x22 || $0 == 0x3C }
        }
        return own + element.elements.flatMap { badAddresses(in: $0) }
    }

    /// How many elements of a name are within another.
    static func count(_ name: String, in element: Element) -> Int {
        element.elements.reduce(element.name == name ? 1 : 0) { $0 + count(name, in: $1) }
    }

    static func figures(in blocks: [Block]) -> [Figure] {
        blocks.flatMap { block -> [Figure] in
            switch block.content {
            case .figure(let figure): [figure]
            case .quote(let blocks): figures(in: blocks)
            case .list(let list): list.items.flatMap { figures(in: $0) }
            default: []
            }
        }
    }

    /// The XHTML of an issue's text, without its outermost element.
    static func xhtml(_ issue: NewsletterIssue) -> String {
        let div = XHTMLRendering(page: issue.webAddress).div(issue.body, language: issue.language)
        return div.elements.map { $0.xml(inheriting: .xhtml) }.joined(separator: "\n")
    }
}
