import Foundation

extension CheckReport {
    /// Keys that programs may rely on.
    private struct Document: Encodable {
        struct Finding: Encodable {
            var file: String
            var line: Int
            var column: Int
            var severity: String
            var rule: String
            var message: String
            var suggestion: String?
        }
        struct Failure: Encodable {
            var file: String
            var message: String
        }
        var files: Int
        var errors: Int
        var warnings: Int
        var findings: [Finding]
        var failures: [Failure]
    }

    var json: String {
        Self.encoded(
            Document(
                files: fileCount,
                errors: errorCount,
                warnings: warningCount,
                findings: findings.map { finding in
                    Document.Finding(
                        file: finding.file,
                        line: finding.place.line,
                        column: finding.place.column,
                        severity: finding.severity.rawValue,
                        rule: finding.rule.rawValue,
                        message: finding.message,
                        suggestion: finding.suggestion
                    )
                },
                failures: failures.map { .init(file: $0.path, message: $0.description) }
            )
        )
    }

    static func encoded(_ value: some Encodable) -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        guard let data = try? encoder.encode(value) else {
            preconditionFailure("Texts and numbers are always JSON.")
        }
        return String(decoding: data, as: UTF8.self) + "\n"
    }
}
