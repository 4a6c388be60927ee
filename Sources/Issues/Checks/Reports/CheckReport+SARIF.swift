extension CheckReport {
    /// The part of SARIF 2.1.0 that tells of findings in text files.
    private struct Log: Encodable {
        struct Run: Encodable {
            var tool: Tool
            var columnKind = "unicodeCodePoints"
            var invocations: [Invocation]
            var results: [Result]
        }
        struct Tool: Encodable { var driver: Driver }
        struct Driver: Encodable {
            var name = "broadsheet"
            var rules: [Rule]
        }
        struct Rule: Encodable { var id: String }
        struct Invocation: Encodable {
            var executionSuccessful: Bool
            var toolExecutionNotifications: [Notification]
        }
        struct Notification: Encodable {
            var level = "error"
            var message: Message
        }
        struct Result: Encodable {
            var ruleId: String
            var level: String
            var message: Message
            var locations: [Location]
        }
        struct Message: Encodable { var text: String }
        struct Location: Encodable { var physicalLocation: PhysicalLocation }
        struct PhysicalLocation: Encodable {
            var artifactLocation: ArtifactLocation
            var region: Region
        }
        struct ArtifactLocation: Encodable { var uri: String }
        struct Region: Encodable {
            var startLine: Int
            var startColumn: Int
        }

        var schema = "https://json.schemastore.org/sarif-2.1.0.json"
        var version = "2.1.0"
        var runs: [Run]

        enum CodingKeys: String, CodingKey {
            case schema = "$schema"
            case version, runs
        }
    }

    var sarif: String {
        let rules = Set(findings.map(\.rule.rawValue)).sorted().map { Log.Rule(id: $0) }
        let run = Log.Run(
            tool: Log.Tool(driver: Log.Driver(rules: rules)),
            invocations: [
                Log.Invocation(
                    executionSuccessful: failures.isEmpty,
                    toolExecutionNotifications: failures.map { failure in
                        Log.Notification(message: Log.Message(text: failure.description))
                    }
                )
            ],
            results: findings.map(Self.result)
        )
        return Self.encoded(Log(runs: [run]))
    }

    private static func result(_ finding: IssueFinding) -> Log.Result {
        let suggestion = finding.suggestion.map { " Instead: \($0)" } ?? ""
        return Log.Result(
            ruleId: finding.rule.rawValue,
            level: finding.severity.rawValue,
            message: Log.Message(text: finding.message + suggestion),
            locations: [
                Log.Location(
                    physicalLocation: Log.PhysicalLocation(
                        artifactLocation: Log.ArtifactLocation(
                            uri: PercentEncoding.encode(finding.file)
                        ),
                        region: Log.Region(
                            startLine: finding.place.line,
                            startColumn: finding.place.column
                        )
                    )
                )
            ]
        )
    }
}
