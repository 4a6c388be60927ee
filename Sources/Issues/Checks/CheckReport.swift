/// What was found in a number of files.
public struct CheckReport: Hashable, Sendable {
    /// By file in the order they were given, then by place.
    public var findings: [IssueFinding]

    /// How many files were checked.
    public var fileCount: Int

    /// The files that could not be read.
    public var failures: [CheckFile.Failure]

    public init(
        findings: [IssueFinding],
        fileCount: Int,
        failures: [CheckFile.Failure] = []
    ) {
        self.findings = findings
        self.fileCount = fileCount
        self.failures = failures
    }

    public var errorCount: Int { findings.count { $0.severity == .error } }
    public var warningCount: Int { findings.count { $0.severity == .warning } }

    /// The exit status where a file could not be read at all.
    public static let unreadableStatus: Int32 = 2

    /// 0 if no finding is an error, 1 if one is, ``unreadableStatus`` if a file could not be read.
    public var exitCode: Int32 {
        guard failures.isEmpty else { return Self.unreadableStatus }
        return errorCount > 0 ? 1 : 0
    }
}
