/// Collects the children of an element: elements, texts, lists of elements, optionals and loops.
@resultBuilder
public enum ElementBuilder {
    public typealias Node = Element.Node

    public static func buildExpression(_ element: Element) -> [Node] {
        [.element(element)]
    }

    public static func buildExpression(_ element: Element?) -> [Node] {
        element.map { [.element($0)] } ?? []
    }

    public static func buildExpression(_ elements: [Element]) -> [Node] {
        elements.map { .element($0) }
    }

    /// An empty text makes no node.
    public static func buildExpression(_ text: String) -> [Node] {
        text.isEmpty ? [] : [.text(text)]
    }

    public static func buildExpression(_ text: String?) -> [Node] {
        text.map { buildExpression($0) } ?? []
    }

    public static func buildExpression(_ nodes: [Node]) -> [Node] {
        nodes
    }

    public static func buildBlock() -> [Node] { [] }

    public static func buildPartialBlock(first: [Node]) -> [Node] {
        first
    }

    /// One after the other, so that most elements, which have one child, take no list of lists.
    public static func buildPartialBlock(
        accumulated: consuming [Node],
        next: [Node]
    ) -> [Node] {
        if accumulated.isEmpty { return next }
        accumulated += next
        return accumulated
    }

    public static func buildOptional(_ part: [Node]?) -> [Node] {
        part ?? []
    }

    public static func buildEither(first part: [Node]) -> [Node] {
        part
    }

    public static func buildEither(second part: [Node]) -> [Node] {
        part
    }

    public static func buildArray(_ parts: [[Node]]) -> [Node] {
        parts.flatMap { $0 }
    }
}
