import Issues

/// Any text is a taxonomy that finds its own titles, or the reason why it is none.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzTaxonomy(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let text = String(decoding: UnsafeBufferPointer(start: start, count: count), as: UTF8.self)
    do {
        let taxonomy = try Taxonomy(yaml: text)
        for entry in taxonomy.entries {
            demand(!entry.spellings.isEmpty, "\(entry.id) has no title")
            for (language, titles) in entry.spellings {
                for title in titles {
                    demand(
                        taxonomy.section(titled: title, language: language) != nil,
                        "'\(title)' (\(language)) is not found"
                    )
                }
            }
        }
        read(text, by: taxonomy)
    } catch {
        demand("\(error)".hasSuffix(".") || "\(error)".hasSuffix("?"), "\(error)")
    }
    return 0
}

/// Has an issue whose headings are the lines of a text outlined.
private func read(_ text: String, by taxonomy: Taxonomy) {
    guard let name = IssueFileName("2026-03-05-dispatch.md") else { return }
    let headings = text.split(separator: "\n").prefix(50).map { "## \($0)\n\ntext\n\n" }
    let file = "---\ntitle: T\ndate: 2026-03-05\n---\n" + headings.joined()
    let context = IssueContext(defaultLanguage: "en", taxonomy: taxonomy)
    guard let issue = try? NewsletterIssue.parse(file, fileName: name, in: context) else { return }
    for section in issue.outline.all {
        let indices = section.headings + section.parts.joined()
        demand(indices.allSatisfy { issue.body.indices.contains($0) }, "\(section)")
    }
    _ = issue.topics
}
