import XML

extension Element {
    /// The element as text for people, a line each for elements that hold elements.
    func indented(by depth: Int = 1, inheriting inherited: Namespace) -> String {
        let margin = String(repeating: "    ", count: depth)
        let inner = elements.map { $0 }
        guard !inner.isEmpty else { return margin + xml(inheriting: inherited) }
        // The writer knows how to write a start tag; what it closes is cut off.
        let empty = Element(name, in: namespace, attributes).xml(inheriting: inherited)
        let lines = children.map { node in
            switch node {
            case .element(let element):
                element.indented(by: depth + 1, inheriting: namespace ?? inherited)
            case .text(let text): margin + "    " + text
            }
        }
        return ([margin + empty.dropLast(2) + ">"] + lines + [margin + "</\(name)>"])
            .joined(separator: "\n")
    }
}
