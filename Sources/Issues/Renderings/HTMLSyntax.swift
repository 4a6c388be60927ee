public import XML

extension Element {
    /// The element and what is in it as HTML, which browsers read.
    ///
    /// Other than in XML, `<p/>` would open a paragraph there, elements without content have no end,
    /// and namespaces are not written. Only for elements of XHTML.
    public var html: String {
        var writer = Writer()
        HTMLSyntax.write(self, to: &writer)
        return String(decoding: writer.bytes, as: UTF8.self)
    }
}

/// How HTML writes the elements of XHTML (HTML Living Standard §13.3).
private enum HTMLSyntax {
    /// The elements that have neither content nor end.
    static let void: Set<String> = [
        "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source",
        "track", "wbr",
    ]

    static func write(_ element: Element, to writer: inout Writer) {
        writer.write(raw: "<" + element.name)
        for attribute in element.attributes {
            let name = attribute.name == .xmlLang ? "lang" : attribute.name.rawValue
            writer.writeAttribute(name, attribute.value)
        }
        writer.write(raw: ">")
        guard !void.contains(element.name) else { return }
        for child in element.children {
            switch child {
            case .element(let child): write(child, to: &writer)
            case .text(let text): writer.write(text: text)
            }
        }
        writer.write(raw: "</\(element.name)>")
    }
}
