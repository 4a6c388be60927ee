/// An XML element with its attributes and children: a plain value.
///
/// Namespaces are resolved: an element knows the name of its own, and prefixes exist only on the
/// wire. An element that is built without a namespace takes that of the element it is put in.
public struct Element: Hashable, Sendable {
    public enum Node: Hashable, Sendable {
        case element(Element)
        case text(String)
    }

    public var name: String

    /// Nil only while the element is being built: it will take its parent's.
    public internal(set) var namespace: Namespace?

    public var attributes: Attributes

    /// Elements and text in document order.
    ///
    /// Two texts are never neighbours in a parsed element.
    public private(set) var children: [Node]

    public init(_ name: String, in namespace: Namespace? = nil, _ attributes: Attributes = [:]) {
        self.name = name
        self.namespace = namespace
        self.attributes = attributes
        children = []
    }

    /// Builds an element whose indentation in the source is that of the XML.
    public init(
        _ name: String,
        in namespace: Namespace? = nil,
        _ attributes: Attributes = [:],
        @ElementBuilder children: () throws -> [Node]
    ) rethrows {
        self.name = name
        self.namespace = namespace
        self.attributes = attributes
        self.children = try children()
        adoptChildren()
    }

    /// Adopts what the parser built, in which every namespace is known already.
    init(parsed name: String, in namespace: Namespace, _ attributes: Attributes) {
        self.name = name
        self.namespace = namespace
        self.attributes = attributes
        children = []
    }
}

// MARK: - Reading

extension Element {
    public subscript(attribute: AttributeName) -> String? {
        get { attributes[attribute] }
        set { attributes[attribute] = newValue }
    }

    /// The child elements, without the text between them.
    public var elements: some Sequence<Element> {
        children.lazy.compactMap { node in
            if case .element(let element) = node { element } else { nil }
        }
    }

    /// The first child element of that name; in this element's own namespace if none is given.
    public func child(_ name: String, in namespace: Namespace? = nil) -> Element? {
        elements.first { $0.isNamed(name, in: namespace ?? self.namespace) }
    }

    /// All child elements of that name; in this element's own namespace if none is given.
    public func children(_ name: String, in namespace: Namespace? = nil) -> [Element] {
        elements.filter { $0.isNamed(name, in: namespace ?? self.namespace) }
    }

    public func isNamed(_ name: String, in namespace: Namespace?) -> Bool {
        self.name == name && self.namespace == namespace
    }

    /// The text directly in this element, in one piece; empty if there is none.
    public var text: String {
        if children.count == 1, case .text(let text) = children[0] { return text }
        var result = ""
        for case .text(let text) in children {
            result += text
        }
        return result
    }
}

// MARK: - Changing

extension Element {
    public mutating func append(_ child: Element) {
        var child = child
        if let namespace { child.adopt(namespace) }
        children.append(.element(child))
    }

    public mutating func append(_ text: String) {
        children.append(.text(text))
    }

    public mutating func removeChildren(where shouldRemove: (Node) -> Bool) {
        children.removeAll(where: shouldRemove)
    }

    /// Appends what the parser built, in which every namespace is known already.
    mutating func append(parsed node: Node) {
        children.append(node)
    }

    /// Gives this element, and those within it that have none, a namespace.
    private mutating func adopt(_ namespace: Namespace) {
        guard self.namespace == nil else { return }
        self.namespace = namespace
        adoptChildren()
    }

    private mutating func adoptChildren() {
        guard let namespace else { return }
        for index in children.indices {
            guard case .element(var child) = children[index], child.namespace == nil else {
                continue
            }
            // Held by nobody else, it is changed where it is.
            children[index] = .text("")
            child.adopt(namespace)
            children[index] = .element(child)
        }
    }
}
