/// How a report is written.
public enum CheckFormat: String, CaseIterable, Hashable, Sendable {
    /// Lines for people.
    case text

    /// One JSON object for programs.
    case json

    /// Commands that make GitHub show the findings beside the lines.
    case github

    /// SARIF 2.1.0, which code-review tools read.
    case sarif
}

extension CheckReport {
    /// The report as a text that ends with a line end; empty if the format has nothing to say.
    public func formatted(as format: CheckFormat) -> String {
        switch format {
        case .text: text
        case .json: json
        case .github: github
        case .sarif: sarif
        }
    }

    private var text: String {
        let lines = findings.flatMap { finding in
            [finding.description] + (finding.suggestion.map { ["    instead: \($0)"] } ?? [])
        }
        return (failures.map { "error: \($0.description)" } + lines + [summary])
            .map { $0 + "\n" }.joined()
    }

    private var summary: String {
        func count(_ number: Int, _ word: String) -> String {
            "\(number) \(word)\(number == 1 ? "" : "s")"
        }
        let files = count(fileCount, "file")
        guard !findings.isEmpty else { return "\(files) checked: nothing found." }
        return "\(files) checked: \(count(errorCount, "error")), \(count(warningCount, "warning"))."
    }

    /// Workflow commands; `%`, line ends and, in properties, `:` and `,` need escapes.
    private var github: String {
        let found = findings.map { finding in
            let suggestion = finding.suggestion.map { "\nInstead: \($0)" } ?? ""
            return "::\(finding.severity.rawValue) file=\(Self.property(finding.file)),"
                + "line=\(finding.place.line),col=\(finding.place.column),"
                + "title=\(finding.rule.rawValue)::\(Self.message(finding.message + suggestion))\n"
        }
        let failed = failures.map { failure in
            "::error file=\(Self.property(failure.path))::\(Self.message(failure.description))\n"
        }
        return (failed + found).joined()
    }

    private static func message(_ text: String) -> String {
        text.replacing("%", with: "%25").replacing("\r", with: "%0D").replacing("\n", with: "%0A")
    }

    private static func property(_ text: String) -> String {
        message(text).replacing(":", with: "%3A").replacing(",", with: "%2C")
    }
}
