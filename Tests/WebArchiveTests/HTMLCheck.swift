/// Looks into a page as a strict reader of HTML would.
struct HTMLCheck {
    private(set) var problems: [String] = []
    private(set) var ids: [String] = []
    private(set) var references: [String] = []
    private(set) var headings: [Int] = []

    private static let void: Set<String> = ["meta", "link", "img", "br", "hr", "input", "path"]

    init(_ text: String) {
        var open: [String] = []
        for match in text.matches(of: /<(\/?)([a-zA-Z][a-zA-Z0-9]*)([^<>]*)>/) {
            let name = String(match.output.2)
            if !match.output.1.isEmpty {
                if open.popLast() != name { problems.append("</\(name)> closes another element") }
                continue
            }
            read(name, String(match.output.3))
            if !Self.void.contains(name) { open.append(name) }
        }
        if !open.isEmpty { problems.append("still open: \(open)") }
        for _ in text.matches(of: /&(?!(?:[a-z]+|#\d+|#x[0-9a-fA-F]+);)/) {
            problems.append("a bare '&'")
        }
        if Set(ids).count != ids.count { problems.append("an id twice") }
        var last = 0
        for level in headings {
            if level > last + 1 { problems.append("h\(level) after h\(last)") }
            last = level
        }
        if headings.count(where: { $0 == 1 }) != 1 { problems.append("not one h1") }
    }

    private mutating func read(_ name: String, _ attributes: String) {
        if name.count == 2, name.first == "h", let level = name.last?.wholeNumberValue {
            headings.append(level)
        }
        var names: Set<String> = []
        for match in attributes.matches(of: /([a-zA-Z:-]+)=(?:"([^"]*)"|'([^']*)')/) {
            let value = String(match.output.2 ?? match.output.3 ?? "")
            let key = String(match.output.1)
            if !names.insert(key).inserted { problems.append("\(name) has \(key) twice") }
            if key == "id" { ids.append(value) }
            if key == "href" || key == "src" {
                references.append(
                    value.replacing("&amp;", with: "&").replacing("&apos;", with: "'")
                )
            }
        }
        if name == "img", !names.contains("alt") { problems.append("an image without alt") }
        if name == "html", !names.contains("lang") { problems.append("no language") }
    }
}
