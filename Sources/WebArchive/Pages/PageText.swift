import Issues
import XML
import XMPP

/// The text of an issue as it stands on its page.
///
/// Headings follow each other without a gap, since screen readers announce their levels. An image
/// is shown only if the archive has a copy of it; a link leads to any other, so that reading a page
/// tells no third party about it.
struct PageText {
    /// The copies of images, by the images' addresses.
    let images: [String: ImageCopy]

    /// What a link to an image begins with.
    let imageWord: String

    func html(of issue: NewsletterIssue) -> String {
        let text = issue.pageText(headingsFrom: 2)
        var levels = HeadingLevels(first: 2)
        var result = rebuilt(text, &levels)
        result["class"] = "text"
        return result.html
    }

    private func rebuilt(_ element: Element, _ levels: inout HeadingLevels) -> Element {
        if element.name == "img" { return image(element) }
        var name = element.name
        if name.count == 2, name.first == "h", let level = name.last?.wholeNumberValue {
            name = "h\(levels.next(level))"
        }
        var children: [Element.Node] = []
        for child in element.children {
            switch child {
            case .element(let child): children.append(.element(rebuilt(child, &levels)))
            case .text: children.append(child)
            }
        }
        if name == "a" { children = Self.withoutLinks(children) }
        return Element(name, in: element.namespace, element.attributes) { children }
    }

    private func image(_ element: Element) -> Element {
        let source = element["src"] ?? ""
        guard let copy = images[source] else {
            let words = element["alt"] ?? ""
            let text = words.isEmpty ? imageWord : "\(imageWord): \(words)"
            return Element("a", in: element.namespace, ["href": source]) { text }
        }
        var element = element
        element["src"] = copy.path
        if element["width"] == nil, element["height"] == nil {
            element["width"] = copy.size.map { String($0.width) }
            element["height"] = copy.size.map { String($0.height) }
        }
        element["loading"] = "lazy"
        return element
    }

    /// An image that became a link within a link: the outer one stays.
    private static func withoutLinks(_ nodes: [Element.Node]) -> [Element.Node] {
        nodes.flatMap { node -> [Element.Node] in
            if case .element(let element) = node, element.name == "a" { return element.children }
            return [node]
        }
    }
}

/// A file of the archive that is an image of an issue.
struct ImageCopy: Sendable {
    /// As pages link to it.
    let path: String
    let size: ImageSize?
}

/// Gives headings levels of which none is left out.
struct HeadingLevels {
    private let first: Int

    /// The levels in the file of the headings that are open, the highest first.
    private var open: [Int] = []

    init(first: Int) {
        self.first = first
    }

    /// The level for a heading that has `level` in the file.
    mutating func next(_ level: Int) -> Int {
        while let last = open.last, last >= level { open.removeLast() }
        open.append(level)
        return min(6, first + open.count - 1)
    }
}
