import Issues
import XML

/// Any bytes are an issue file or are refused with places within them; what is read can be written.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzFrontMatter(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let bytes = Array(UnsafeBufferPointer(start: start, count: count))
    guard let name = IssueFileName("2026-03-05-dispatch.de.md") else { return 0 }
    let context = IssueContext(
        defaultLanguage: "en",
        site: WebSite(base: "https://a.example/", defaultLanguage: "en")
    )
    do {
        let issue = try NewsletterIssue.parse(bytes, fileName: name, in: context)
        check(issue.warnings, in: bytes)
        demand(!issue.title.isEmpty, "no title")
        demand((issue.lead()?.count ?? 0) <= 802, "a long lead")
        let address = issue.webAddress ?? ""
        demand(address.utf8.allSatisfy { (0x21...0x7E).contains($0) }, address)
    } catch {
        check(error.findings, in: bytes)
        demand(error.findings.contains { $0.severity == .error }, "refused for nothing")
    }
    return 0
}

private func check(_ findings: [IssueFinding], in bytes: [UInt8]) {
    // A CR ends a line as well.
    let lines = bytes.count { $0 == 10 || $0 == 13 } + 1
    for finding in findings {
        demand((1...lines).contains(finding.place.line), "\(finding)")
        demand(finding.place.column >= 1, "\(finding)")
        demand(finding.message.hasSuffix(".") || finding.message.hasSuffix("?"), "\(finding)")
    }
}
