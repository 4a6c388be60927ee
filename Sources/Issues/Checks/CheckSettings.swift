/// What a newsletter's editors want to be told.
public struct CheckSettings: Hashable, Sendable {
    /// The levels that differ from the rules' own.
    public var levels: [IssueRule: IssueRule.Level]

    /// The largest item, in bytes as sent; larger ones may not pass a server.
    public var maximumItemSize: Int

    /// The largest chat message with the whole issue, in bytes.
    public var maximumMessageSize: Int

    /// The specifications there are; without it they are not compared.
    public var specifications: SpecificationList?

    public init(
        levels: [IssueRule: IssueRule.Level] = [:],
        maximumItemSize: Int = 65_536,
        maximumMessageSize: Int = 65_536,
        specifications: SpecificationList? = nil
    ) {
        self.levels = levels
        self.maximumItemSize = maximumItemSize
        self.maximumMessageSize = maximumMessageSize
        self.specifications = specifications
    }

    public func level(of rule: IssueRule) -> IssueRule.Level {
        levels[rule] ?? rule.defaultLevel
    }

    /// The finding as these settings count it; nil if nobody wants to be told.
    ///
    /// What keeps a file from being read stays an error.
    public func judged(_ finding: IssueFinding) -> IssueFinding? {
        var finding = finding
        switch (finding.severity, level(of: finding.rule)) {
        case (.error, _), (_, .error): finding.severity = .error
        case (.warning, .warning): finding.severity = .warning
        case (.warning, .off): return nil
        }
        return finding
    }
}
