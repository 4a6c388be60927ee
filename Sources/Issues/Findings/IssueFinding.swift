/// Something that is wrong, or looks wrong, in an issue's file.
public struct IssueFinding: Hashable, Sendable {
    public enum Severity: String, Hashable, Sendable {
        /// The issue can't be published as it is.
        case error

        /// Readers will see something other than what was probably meant.
        case warning
    }

    /// The name of the file, as it is in the directory.
    public var file: String
    public var place: SourcePlace
    public var severity: Severity

    /// What is wrong and what to do about it, in one or two sentences.
    public var message: String
    public var rule: IssueRule

    /// What should probably stand there instead, where that can be told.
    public var suggestion: String?

    /// What corrects it without anybody's judgement.
    var edit: SourceEdit?

    public init(
        file: String,
        place: SourcePlace,
        severity: Severity,
        message: String,
        rule: IssueRule,
        suggestion: String? = nil
    ) {
        self.file = file
        self.place = place
        self.severity = severity
        self.message = message
        self.rule = rule
        self.suggestion = suggestion
    }
}

extension IssueFinding: CustomStringConvertible {
    /// `file:line:column: severity: message [rule]`, as compilers say it and editors understand.
    public var description: String {
        "\(file):\(place.line):\(place.column): \(severity.rawValue): \(message) [\(rule.rawValue)]"
    }
}

/// All that keeps a file from being an issue.
public struct IssueError: Error, Hashable, Sendable {
    /// In the order of the file; at least one of them is an error.
    public let findings: [IssueFinding]

    public init(_ findings: [IssueFinding]) {
        self.findings = findings
    }
}

extension IssueError: CustomStringConvertible {
    /// A line for each finding.
    public var description: String {
        findings.map(\.description).joined(separator: "\n")
    }
}
