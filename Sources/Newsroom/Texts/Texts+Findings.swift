import Issues
import Localization

/// What the checks find, in the language of who asks.
extension Texts {
    /// What is wrong, in a sentence.
    ///
    /// In English it is the finding's own, which names names; in other languages that of its rule.
    func sentence(on finding: IssueFinding) -> String {
        language == "en" ? finding.message : self("finding.\(finding.rule.rawValue)")
    }

    /// What the sentence leaves out; nil where it leaves out nothing.
    func details(of finding: IssueFinding) -> String? {
        language == "en" ? nil : self("finding.exactly", ["message": finding.message])
    }

    /// The finding with its place, as a line: `2026-10-05-x.md:9:5: error: … [link-broken]`.
    func line(on finding: IssueFinding) -> String {
        let severity = self("severity.\(finding.severity.rawValue)")
        let place = "\(finding.file):\(finding.place.line):\(finding.place.column)"
        return "\(place): \(severity): \(sentence(on: finding)) [\(finding.rule.rawValue)]"
    }
}
