import Issues
import XML
import XMPP

/// Whatever an issue's text holds: the checks come to an end, and what readers get is well-formed
/// and holds only what is allowed.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzMarkdown(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let text = String(decoding: UnsafeBufferPointer(start: start, count: count), as: UTF8.self)
    let file = "---\ntitle: T\ndate: 2026-03-05\n---\n" + text
    guard let name = IssueFileName("2026-03-05-dispatch.md") else { return 0 }
    let context = IssueContext(
        defaultLanguage: "en",
        site: WebSite(base: "https://a.example/", defaultLanguage: "en")
    )
    let report = IssueChecker(context: context)
        .check([CheckFile(path: "a.md", name: name, bytes: Array(file.utf8))])
    demand(report.findings.count <= 2_100, "\(report.findings.count) findings")
    guard let issue = try? NewsletterIssue.parse(file, fileName: name, in: context) else {
        demand(report.errorCount > 0, "refused for nothing")
        return 0
    }
    checkEntry(of: issue)
    checkNames(in: issue.pageText(), page)
    for amount in ChatAmount.allCases {
        let chat = issue.chatText(amount)
        demand(!chat.unicodeScalars.contains { $0.value < 0x20 && $0 != "\n" && $0 != "\t" }, chat)
        for part in ChatParts(chat, limit: 600).texts {
            demand(part.utf8.count <= 600, "\(part.utf8.count) bytes: \(part)")
        }
    }
    for topic in issue.topics { checkEntry(of: topic.issue) }
    return 0
}

private func checkEntry(of issue: NewsletterIssue) {
    let entry = AtomEntry(
        of: issue,
        id: "tag:a.example,2026:a",
        published: "2026-03-05T00:00:00Z",
        updated: "2026-03-05T00:00:00Z",
        author: AtomEntry.Author(name: "A")
    ).element
    do {
        let copy = try Element(xml: entry.xml())
        demand(copy == entry, "not the same: \(entry.xml())")
    } catch {
        fatalError("\(error) \(entry.xml())")
    }
    let div = entry.children("content").compactMap { $0.child("div", in: .xhtml) }.first
    if let div { checkNames(in: div, client) }
}

/// Written down once more, to be a second opinion.
private let client: [String: Set<String>] = [
    "div": ["{http://www.w3.org/XML/1998/namespace}lang"], "a": ["href", "title"],
    "img": ["src", "alt", "title", "width", "height"], "ol": ["start"], "code": ["class"],
    "h1": ["id"], "h2": ["id"], "h3": ["id"], "h4": ["id"], "h5": ["id"], "h6": ["id"], "p": [],
    "ul": [], "li": [], "em": [], "strong": [], "del": [], "pre": [], "blockquote": [], "br": [],
    "hr": [], "table": [], "thead": [], "tbody": [], "tr": [], "th": [], "td": [],
]

private let page = client.merging(
    ["figure": [], "figcaption": [], "div": ["lang", "dir"]],
    uniquingKeysWith: { $1 }
)

private func checkNames(in element: Element, _ allowed: [String: Set<String>]) {
    let attributes = allowed[element.name]
    demand(attributes != nil, "<\(element.name)>")
    for attribute in element.attributes {
        let name = attribute.name.rawValue
        demand(attributes?.contains(name) == true, "\(element.name)/@\(name)")
        guard name == "href" || name == "src" else { continue }
        let schemes = ["http:", "https:", "xmpp:", "mailto:"] + (name == "href" ? ["#"] : [])
        demand(schemes.contains { attribute.value.hasPrefix($0) }, attribute.value)
    }
    for child in element.elements { checkNames(in: child, allowed) }
}
